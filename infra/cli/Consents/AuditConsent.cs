// consent's streams -> ConsentHistory per tenant; telemetry's streams, in order, page by page -> StoredFact -> outside, or not
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Fleet.Cli.Consents;

/// <summary>A stored event that no consent covered when it was observed.</summary>
/// <param name="FieldGroup">Or the purposes, when none of them stood.</param>
/// <param name="Why"><c>never-granted</c>, <c>before-consent</c>, <c>after-withdrawal</c> or <c>not-understood: …</c>.</param>
public sealed record Outside(string Tenant, string Stream, Guid Event, DateTimeOffset? ObservedAt, string FieldGroup, string Why);

/// <param name="Events">Looked at.</param>
/// <param name="OfDevices">Of those, the ones that say something of a device.</param>
public sealed record Audited(long Tenants, long Events, long OfDevices, long Outside);

/// <summary>
/// All that was ever stored of devices, against all that was ever allowed. Reads both databases as their auditors, who may read events and do nothing else. In memory are the spans of each
/// tenant and one page of events, however long the history.
/// </summary>
public static class AuditConsent
{
    private const int Page = 2_000;

    /// <param name="found">Hears each at once.</param>
    public static async Task<Audited> RunAsync(string consents, string telemetry, string? tenant, Action<Outside> found, Action<long> progress, CancellationToken stop)
    {
        // Telemetry's end first: whatever was withdrawn until then is known when its events are judged.
        await using var facts = NpgsqlDataSource.Create(telemetry);
        var end = await EndAsync(facts, stop);
        var histories = await HistoriesAsync(consents, tenant, stop);
        var (events, ofDevices, outside, last) = (0L, 0L, 0L, 0L);
        while (true)
        {
            var read = 0;
            await using (var command = facts.CreateCommand(
                "select seq_id, id, tenant_id, stream_id, type, data::text, headers ->> 'consents-judged-at' from telemetry.mt_events where seq_id > $1 and seq_id <= $2 and ($3::text is null or tenant_id = $3) order by seq_id limit $4"))
            {
                foreach (var value in new object[] { last, end, (object?)tenant ?? DBNull.Value, Page })
                    command.Parameters.Add(new() { Value = value });
                await using var row = await command.ExecuteReaderAsync(stop);
                for (; await row.ReadAsync(stop); read++)
                {
                    (last, events) = (row.GetInt64(0), events + 1);
                    foreach (var one in Judge(row, histories, ref ofDevices))
                    {
                        outside++;
                        found(one);
                    }
                }
            }
            progress(events);
            if (read < Page)
                return new(histories.Count, events, ofDevices, outside);
        }
    }

    private static IReadOnlyList<Outside> Judge(NpgsqlDataReader row, Dictionary<string, ConsentHistory> histories, ref long ofDevices)
    {
        var (id, tenant, stream, type) = (row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetString(4));
        if (StoredFact.OfNoDevice.Contains(type))
            return [];
        ofDevices++;
        using var data = JsonDocument.Parse(row.GetString(5));
        try
        {
            // The gate's own word for "not later than": it never makes an observation later than its agent said.
            var judged = row.IsDBNull(6) ? DateTimeOffset.MaxValue : DateTimeOffset.Parse(row.GetString(6), CultureInfo.InvariantCulture);
            return StoredFact.Of(type, data.RootElement)?.NotLaterThan(judged) is { } fact
                ? [.. Judge(fact, histories.GetValueOrDefault(tenant) ?? new()).Select(missing => new Outside(tenant, stream, id, fact.At, missing.Name, missing.Why))]
                : [];
        }
        catch (Exception unknown) when (unknown is FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return [new(tenant, stream, id, null, type, $"not-understood: {unknown.Message}")];
        }
    }

    /// <summary>What of an observation was not covered; nothing when all was.</summary>
    public static IEnumerable<(string Name, string Why)> Judge(StoredFact fact, ConsentHistory consents)
    {
        if (consents.WhyNoPurpose(fact.Purposes, fact.At) is { } noPurpose)
            yield return (string.Join('|', fact.Purposes), noPurpose);
        foreach (var group in fact.FieldGroups)
            if (consents.WhyNotFieldGroup(group, fact.At) is { } why)
                yield return (group, why);
    }

    private static async Task<long> EndAsync(NpgsqlDataSource facts, CancellationToken stop)
    {
        await using var command = facts.CreateCommand("select coalesce(max(seq_id), 0) from telemetry.mt_events");
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    private static async Task<Dictionary<string, ConsentHistory>> HistoriesAsync(string consents, string? tenant, CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(consents);
        await using var command = source.CreateCommand(
            "select tenant_id, type, data::text from consent.mt_events where stream_id = 'consent/' || tenant_id and ($1::text is null or tenant_id = $1) order by tenant_id, version");
        command.Parameters.Add(new() { Value = (object?)tenant ?? DBNull.Value });
        var histories = new Dictionary<string, ConsentHistory>();
        await using var row = await command.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
        {
            if (!histories.TryGetValue(row.GetString(0), out var history))
                histories[row.GetString(0)] = history = new();
            using var data = JsonDocument.Parse(row.GetString(2));
            history.Apply(row.GetString(1), data.RootElement);
        }
        return histories;
    }
}

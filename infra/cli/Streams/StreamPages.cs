using System.Runtime.CompilerServices;
using System.Text.Json;
using Npgsql;

namespace Fleet.Cli.Streams;

/// <summary>A service's stored events in the order they were committed, a page in memory at a time; read as its auditor.</summary>
public static class StreamPages
{
    private const int Page = 2_000;

    /// <param name="end">Up to which position: what is written meanwhile is for the next time.</param>
    public static async IAsyncEnumerable<StoredEvent> ReadAsync(NpgsqlDataSource store, string schema, string? tenant, long end, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var (last, read) = (0L, Page); read == Page;)
        {
            read = 0;
            await using var command = store.CreateCommand(
                $"select seq_id, id, tenant_id, stream_id, version, type, data::text, headers ->> 'fleet-batch' from {schema}.mt_events where seq_id > $1 and seq_id <= $2 and ($3::text is null or tenant_id = $3) order by seq_id limit $4");
            foreach (var value in new object[] { last, end, (object?)tenant ?? DBNull.Value, Page })
                command.Parameters.Add(new() { Value = value });
            await using var row = await command.ExecuteReaderAsync(stop);
            for (; await row.ReadAsync(stop); read++)
            {
                last = row.GetInt64(0);
                using var data = JsonDocument.Parse(row.GetString(6));
                yield return new(last, row.GetGuid(1), row.GetString(2), row.GetString(3), row.GetInt64(4), row.GetString(5), data.RootElement, row.IsDBNull(7) ? null : BatchOf(row.GetString(7)));
            }
        }
    }

    /// <returns>The last position there is, and each stream's version as the store itself counts it.</returns>
    public static async Task<(long End, Dictionary<(string Tenant, string Stream), long> Versions)> EndAsync(NpgsqlDataSource store, string schema, string? tenant, CancellationToken stop)
    {
        await using var connection = await store.OpenConnectionAsync(stop);
        // One look at both: a stream that grows in between would seem to have lost its end.
        await using var look = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, stop);
        await using var end = new NpgsqlCommand($"select coalesce(max(seq_id), 0) from {schema}.mt_events", connection, look);
        var last = (long)(await end.ExecuteScalarAsync(stop))!;
        await using var streams = new NpgsqlCommand($"select tenant_id, id, version from {schema}.mt_streams where $1::text is null or tenant_id = $1", connection, look);
        streams.Parameters.Add(new() { Value = (object?)tenant ?? DBNull.Value });
        var versions = new Dictionary<(string, string), long>();
        await using var row = await streams.ExecuteReaderAsync(stop);
        while (await row.ReadAsync(stop))
            versions[(row.GetString(0), row.GetString(1))] = row.GetInt64(2);
        return (last, versions);
    }

    private static string BatchOf(string header) => header.Split('/') is [var site, var agent, var sequence, ..] ? $"{site}/{agent}/{sequence}" : header;
}

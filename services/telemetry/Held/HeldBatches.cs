using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Gate;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Telemetry.Held;

/// <summary>How much more may wait from one site.</summary>
public readonly record struct HeldRoom(long Batches, long Bytes)
{
    /// <summary>A login can invent keys as it likes; what it sends under them takes no more room than this.</summary>
    public static readonly HeldRoom OfASite = new(200, 16 * 1024 * 1024);

    public bool Takes(ReceivedBatch batch) => Batches > 0 && batch.Size <= Bytes;

    public HeldRoom After(ReceivedBatch batch) => new(Batches - 1, Bytes - batch.Size);
}

/// <summary>
/// Batches under a key nobody has heard of yet: an agent that was let in a moment ago can be faster than the news of it. They wait here, unread by anyone, until the key is known or the wait is over.
/// They are claimed: the same batch again is none.
/// </summary>
public static class HeldBatches
{
    /// <summary>Who was let in is announced in seconds; after this long nobody was.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public const string Table =
        """
        create table if not exists held_batch (
            tenant_id varchar not null,
            site varchar not null,
            agent varchar not null,
            key_id varchar not null,
            sequence bigint not null,
            previous varchar not null,
            signature varchar not null,
            routing_key varchar not null,
            trace_parent varchar,
            body bytea not null,
            held_at timestamptz not null
        );
        create index if not exists held_batch_of on held_batch (tenant_id, site, agent, key_id);
        create index if not exists held_batch_since on held_batch (held_at)
        """;

    public static async Task<Dictionary<Named, HeldRoom>> RoomAsync(BatchSession session, IReadOnlyCollection<Named> sites, CancellationToken cancel)
    {
        var room = sites.ToDictionary(site => site, _ => HeldRoom.OfASite);
        await using var command = new NpgsqlCommand(
            "select tenant_id, site, count(*), coalesce(sum(length(body)), 0)::bigint from unnest($1, $2) as s (tenant_id, site) join held_batch using (tenant_id, site) group by 1, 2", session.Connection, session.Transaction)
        { Parameters = { Texts(sites.Select(site => site.TenantId)), Texts(sites.Select(site => site.Id)) } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            room[new(row.GetString(0), row.GetString(1))] = new(HeldRoom.OfASite.Batches - row.GetInt64(2), HeldRoom.OfASite.Bytes - row.GetInt64(3));
        return room;
    }

    public static async Task AddAsync(BatchSession session, IReadOnlyList<ReceivedBatch> batches, DateTimeOffset now, CancellationToken cancel)
    {
        await using var all = new NpgsqlBatch(session.Connection, session.Transaction);
        foreach (var (batch, delivery) in batches.Select(batch => (batch, batch.Delivery!)))
            all.BatchCommands.Add(new("insert into held_batch values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)")
            {
                Parameters =
                {
                    new() { Value = batch.Tenant }, new() { Value = batch.Site }, new() { Value = batch.Agent }, new() { Value = delivery.KeyId }, new() { Value = delivery.Sequence },
                    new() { Value = delivery.Previous }, new() { Value = delivery.Signature }, new() { Value = delivery.RoutingKey }, new() { Value = (object?)batch.TraceParent ?? DBNull.Value },
                    new() { Value = delivery.Body, NpgsqlDbType = NpgsqlDbType.Bytea }, new() { Value = now },
                },
            });
        await all.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Takes out what waits for this key, in the order of its numbers.</summary>
    public static Task<List<EdgeDelivery>> TakeAsync(BatchSession session, string tenant, string site, string agent, string keyId, CancellationToken cancel) =>
        TakeAsync(session, "tenant_id = $1 and site = $2 and agent = $3 and key_id = $4", cancel, tenant, site, agent, keyId);

    /// <summary>Takes out some that have waited since then or longer.</summary>
    public static Task<List<EdgeDelivery>> TakeOlderAsync(BatchSession session, DateTimeOffset since, CancellationToken cancel) =>
        TakeAsync(session, "ctid in (select ctid from held_batch where held_at <= $1 limit 100 for update skip locked)", cancel, since);

    private static async Task<List<EdgeDelivery>> TakeAsync(BatchSession session, string where, CancellationToken cancel, params object[] values)
    {
        await using var command = new NpgsqlCommand(
            $"delete from held_batch where {where} returning routing_key, agent, sequence, previous, trace_parent, body, key_id, signature", session.Connection, session.Transaction);
        command.Parameters.AddRange(values.Select(value => new NpgsqlParameter { Value = value }).ToArray());
        var taken = new List<EdgeDelivery>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            taken.Add(new(
                row.GetString(0), EdgeBatch.ContentType, row.GetString(1), row.GetInt64(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4),
                row.GetFieldValue<byte[]>(5), row.GetString(6), row.GetString(7)));
        return [.. taken.OrderBy(one => one.Sequence)];
    }

    private static NpgsqlParameter Texts(IEnumerable<string> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar };
}

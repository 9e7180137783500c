using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

// unit of work -> lock -> mt_streams (versions) -> check -> sequence numbers -> mt_events (COPY) -> snapshots, inline views -> commit
/// <summary>Writes a prepared unit of work in the caller's transaction. Whoever holds the append lock is the only Fleet writer of the store.</summary>
internal sealed class Appender(DocumentStore store)
{
    private const int CopyFrom = 8; // fewer events travel faster as parameters of one insert

    public async Task WriteAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        if (work.Events.Count > 0)
        {
            await WriteStreamsAsync(connection, work, now, ct);
            await TakeSequenceAsync(connection, work, ct);
            await WriteEventsAsync(connection, work, now, ct);
            await WriteFoldsAsync(connection, work, now, ct);
        }
        if (work.Archived.Count > 0) await ArchiveAsync(connection, work.Archived, ct);
    }

    // The lock is a statement of its own: the next one must see what its last holder committed.
    private async Task WriteStreamsAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        var streams = work.Streams.OrderBy(s => s.TenantId, StringComparer.Ordinal).ThenBy(s => s.Key, StringComparer.Ordinal).ToArray();
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("select pg_advisory_xact_lock($1)") { Parameters = { new NpgsqlParameter<long> { TypedValue = store.AppendLock } } },
                new NpgsqlBatchCommand("""
                    insert into mt_streams as s (tenant_id, id, type, version, timestamp, created, is_archived)
                    select i.tenant_id, i.id, i.type, i.added, $5, $5, false from unnest($1, $2, $3, $4) as i (tenant_id, id, type, added)
                    on conflict (tenant_id, id) do update
                        set version = s.version + excluded.version, timestamp = excluded.timestamp, type = coalesce(s.type, excluded.type)
                    returning tenant_id, id, version, is_archived
                    """)
                {
                    Parameters =
                    {
                        Array(NpgsqlDbType.Varchar, streams, s => s.TenantId),
                        Array(NpgsqlDbType.Varchar, streams, s => s.Key),
                        Array(NpgsqlDbType.Varchar, streams, s => s.Type.Alias),
                        Array(NpgsqlDbType.Bigint, streams, s => (long)s.Events.Count),
                        new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                    },
                },
            },
        };
        var byKey = streams.ToDictionary(s => new RowKey(s.TenantId, s.Key));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var stream = byKey[new RowKey(reader.GetString(0), reader.GetString(1))];
            stream.Version = reader.GetInt64(2);
            Check(stream, archived: !reader.IsDBNull(3) && reader.GetBoolean(3));
        }
    }

    // Before any sequence number is taken: a refused append burns none.
    private static void Check(PendingStream stream, bool archived)
    {
        var before = stream.Version - stream.Events.Count;
        if (archived) throw new InvalidStreamOperationException(stream.TenantId, stream.Key);
        if (stream.MustBeNew && before > 0) throw new ExistingStreamIdCollisionException(stream.TenantId, stream.Key);
        if (stream.ExpectedVersion is { } expected && expected != before)
            throw new EventStreamUnexpectedMaxEventIdException(stream.TenantId, stream.Key, expected, before);
    }

    // nextval and never setval: a Marten client takes numbers from the same sequence without our lock.
    private static async Task TakeSequenceAsync(NpgsqlConnection connection, UnitOfWork work, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select array(select nextval('mt_events_sequence') from generate_series(1, $1))", connection)
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = work.Events.Count } },
        };
        var numbers = (long[])(await command.ExecuteScalarAsync(ct))!;
        for (var i = 0; i < numbers.Length; i++) work.Events[i].Sequence = numbers[i];
    }

    private static Task WriteEventsAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct) =>
        work.Events.Count < CopyFrom ? EventInsert.InsertAsync(connection, work, now, ct) : EventInsert.CopyAsync(connection, work, now, ct);

    private async Task WriteFoldsAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        if (store.Snapshots.Write(work.Streams) is { } snapshots)
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { snapshots } };
            await batch.ExecuteNonQueryAsync(ct);
        }
        if (store.InlineTables.Count > 0)
            await store.Inline.FoldAsync(connection, [.. work.Events.Select(e => e.Type.Wrap(Head(e, work, now), e.Data))], ct);
    }

    private static EventHead Head(PendingEvent e, UnitOfWork work, DateTimeOffset now) => new(
        e.Id, e.Version, e.Sequence, e.Stream.Key, e.Stream.TenantId, now, work.CorrelationId, work.CausationId, e.Headers);

    private static async Task ArchiveAsync(NpgsqlConnection connection, IReadOnlyCollection<RowKey> streams, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (table, key) in new[] { ("mt_streams", "id"), ("mt_events", "stream_id") })
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                $"update {table} t set is_archived = true from unnest($1, $2) as i (tenant_id, id) where t.tenant_id = i.tenant_id and t.{key} = i.id")
            {
                Parameters =
                {
                    Array(NpgsqlDbType.Varchar, streams, s => s.TenantId),
                    Array(NpgsqlDbType.Varchar, streams, s => s.Key),
                },
            });
        await batch.ExecuteNonQueryAsync(ct);
    }

    internal static NpgsqlParameter Array<TItem, T>(NpgsqlDbType type, IReadOnlyCollection<TItem> items, Func<TItem, T> value) =>
        new() { Value = items.Select(value).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };
}

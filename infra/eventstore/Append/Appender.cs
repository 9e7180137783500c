using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

// unit of work -> JSON -> lock -> mt_streams (versions) -> check -> sequence numbers -> mt_events -> snapshots, inline views
/// <summary>Writes a prepared unit of work in the caller's transaction. Whoever holds the append lock is the only Fleet writer of the store.</summary>
internal sealed class Appender(DocumentStore store)
{
    private const int CopyFrom = 8; // fewer events travel faster as parameters of one insert

    public async Task WriteAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        if (work.Events.Count >= CopyFrom)
        {
            using var rows = EventInsert.Encode(work, now);
            var missing = await StreamRows.MoveAsync(connection, store.AppendLock, work.Streams, now, ct);
            await EventInsert.CopyAsync(connection, work, missing, rows, now, ct);
        }
        else if (work.Events.Count > 0)
        {
            foreach (var e in work.Events) e.Serialize();
            var missing = await StreamRows.MoveAsync(connection, store.AppendLock, work.Streams, now, ct);
            await EventInsert.InsertAsync(connection, work, missing, now, ct);
        }
        if (work.Events.Count > 0) await WriteFoldsAsync(connection, work, now, ct);
        if (work.Archived.Count > 0) await ArchiveAsync(connection, work.Archived, ct);
    }

    private async Task WriteFoldsAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        await using var snapshots = new NpgsqlBatch(connection);
        foreach (var command in store.Snapshots.Write(work.Streams)) snapshots.BatchCommands.Add(command);
        if (snapshots.BatchCommands.Count > 0) await snapshots.ExecuteNonQueryAsync(ct);
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
                    Values(NpgsqlDbType.Varchar, streams, s => s.TenantId),
                    Values(NpgsqlDbType.Varchar, streams, s => s.Key),
                },
            });
        await batch.ExecuteNonQueryAsync(ct);
    }

    internal static NpgsqlParameter Values<TItem, T>(NpgsqlDbType type, IReadOnlyCollection<TItem> items, Func<TItem, T> value) =>
        new NpgsqlParameter<T[]> { TypedValue = [.. items.Select(value)], NpgsqlDbType = NpgsqlDbType.Array | type };
}

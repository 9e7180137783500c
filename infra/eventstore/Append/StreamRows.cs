using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>Rows of <c>mt_streams</c>: moved to their next version, and made for streams that are new.</summary>
internal static class StreamRows
{
    /// <summary>
    /// Takes the append lock, moves the streams that exist and checks what the unit of work expects of all of them.
    /// Before any sequence number is taken: a refused append burns none.
    /// </summary>
    /// <returns>The streams that do not exist yet.</returns>
    public static async Task<List<PendingStream>> MoveAsync(
        NpgsqlConnection connection, long appendLock, IReadOnlyCollection<PendingStream> all, DateTimeOffset now, CancellationToken ct)
    {
        // In one order everywhere: writers without the lock (Marten) are met stream by stream, not in a circle.
        var streams = all.ToArray();
        Array.Sort(streams, PendingStream.ByName);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // A statement of its own: the next one must see what the lock's last holder committed.
                new NpgsqlBatchCommand("select pg_advisory_xact_lock($1)") { Parameters = { new NpgsqlParameter<long> { TypedValue = appendLock } } },
                // Under the lock a departure holds while it deletes: whoever waited for it sees it.
                new NpgsqlBatchCommand("select tenant_id from fleet_departure where left_at is not null and tenant_id = any ($1) limit 1")
                {
                    Parameters = { Appender.Values(NpgsqlDbType.Varchar, [.. streams.Select(s => s.TenantId).Distinct(StringComparer.Ordinal)], t => t) },
                },
                // Not "on conflict do update": that locks every row, with a WAL record of its own, before it updates it.
                new NpgsqlBatchCommand("""
                    update mt_streams s set version = s.version + i.added, timestamp = $4
                    from unnest($1, $2, $3) with ordinality as i (tenant_id, id, added, n)
                    where s.tenant_id = i.tenant_id and s.id = i.id
                    returning i.n, s.version, s.is_archived
                    """)
                {
                    Parameters =
                    {
                        Appender.Values(NpgsqlDbType.Varchar, streams, s => s.TenantId),
                        Appender.Values(NpgsqlDbType.Varchar, streams, s => s.Key),
                        Appender.Values(NpgsqlDbType.Bigint, streams, s => (long)s.Events.Count),
                        new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                    },
                },
            },
        };
        foreach (var stream in streams) stream.Version = 0;
        await using (var row = await batch.ExecuteReaderAsync(ct))
        {
            await row.NextResultAsync(ct);
            if (await row.ReadAsync(ct)) throw new TenantLeftException(row.GetString(0));
            await row.NextResultAsync(ct);
            while (await row.ReadAsync(ct))
            {
                var stream = streams[row.GetInt64(0) - 1];
                stream.Version = row.GetInt64(1);
                if (!row.IsDBNull(2) && row.GetBoolean(2)) throw new InvalidStreamOperationException(stream.TenantId, stream.Key);
            }
        }
        var missing = new List<PendingStream>();
        foreach (var stream in streams)
        {
            if (stream.Version == 0)
            {
                missing.Add(stream);
                stream.Version = stream.Events.Count;
            }
            Check(stream);
        }
        return missing;
    }

    /// <summary>Makes the missing streams; answers one row for each that nobody else made in between.</summary>
    public static NpgsqlBatchCommand Create(List<PendingStream> streams, DateTimeOffset now) => new("""
        insert into mt_streams (tenant_id, id, type, version, timestamp, created, is_archived)
        select tenant_id, id, type, version, $5, $5, false from unnest($1, $2, $3, $4) as i (tenant_id, id, type, version)
        on conflict do nothing returning version
        """)
    {
        Parameters =
        {
            Appender.Values(NpgsqlDbType.Varchar, streams, s => s.TenantId),
            Appender.Values(NpgsqlDbType.Varchar, streams, s => s.Key),
            Appender.Values(NpgsqlDbType.Varchar, streams, s => s.Type.Alias),
            Appender.Values(NpgsqlDbType.Bigint, streams, s => s.Version),
            new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
        },
    };

    /// <summary>Reads the answer of <see cref="Create"/> and steps to the next result.</summary>
    /// <exception cref="EventStreamUnexpectedMaxEventIdException">A writer without the lock made one of them first.</exception>
    public static async Task CheckCreatedAsync(NpgsqlDataReader row, List<PendingStream> streams, CancellationToken ct)
    {
        var made = 0;
        while (await row.ReadAsync(ct)) made++;
        if (made < streams.Count) throw new EventStreamUnexpectedMaxEventIdException(streams[0].TenantId, streams[0].Key, 0, -1);
        await row.NextResultAsync(ct);
    }

    private static void Check(PendingStream stream)
    {
        var before = stream.Version - stream.Events.Count;
        if (stream.MustBeNew && before > 0) throw new ExistingStreamIdCollisionException(stream.TenantId, stream.Key);
        if (stream.ExpectedVersion is { } expected && expected != before)
            throw new EventStreamUnexpectedMaxEventIdException(stream.TenantId, stream.Key, expected, before);
    }
}

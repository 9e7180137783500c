using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>Rows into <c>mt_events</c>: many by binary COPY, few by one insert.</summary>
internal static class EventInsert
{
    private const string Columns =
        "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived";

    /// <summary>All rows with everything but sequence number and version, before any lock.</summary>
    public static CopyBuffer Encode(UnitOfWork work, DateTimeOffset now)
    {
        var buffer = new CopyBuffer(work.Events.Count * 384);
        foreach (var e in work.Events)
        {
            buffer.Row(13);
            e.SequenceAt = buffer.Int64(0);
            buffer.Uuid(e.Id);
            buffer.Text(e.Stream.Key);
            e.VersionAt = buffer.Int64(0);
            buffer.Json(e.Data, e.Type.Json);
            buffer.Text(e.Type.Alias);
            buffer.Timestamp(now);
            buffer.Text(e.Stream.TenantId);
            buffer.Text(e.Type.DotNetType);
            buffer.Text(work.CorrelationId);
            buffer.Text(work.CausationId);
            buffer.Json(e.Headers, EventTypes.HeaderJson);
            buffer.Bool(false);
        }
        buffer.End();
        return buffer;
    }

    public static async Task CopyAsync(
        NpgsqlConnection connection, UnitOfWork work, List<PendingStream> missing, CopyBuffer buffer, DateTimeOffset now, CancellationToken ct)
    {
        await TakeSequenceAsync(connection, work, missing, now, ct);
        foreach (var e in work.Events)
        {
            buffer.Patch(e.SequenceAt, e.Sequence);
            buffer.Patch(e.VersionAt, e.Version);
        }
        await using var copy = await connection.BeginRawBinaryCopyAsync($"copy mt_events ({Columns}) from stdin (format binary)", ct);
        await copy.WriteAsync(buffer.Written, ct);
    }

    // nextval and never setval: a Marten client takes numbers from the same sequence without our lock.
    private static async Task TakeSequenceAsync(
        NpgsqlConnection connection, UnitOfWork work, List<PendingStream> missing, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (missing.Count > 0) batch.BatchCommands.Add(StreamRows.Create(missing, now));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select array(select nextval('mt_events_sequence') from generate_series(1, $1))")
        {
            Parameters = { new NpgsqlParameter<int> { TypedValue = work.Events.Count } },
        });
        await using var row = await batch.ExecuteReaderAsync(ct);
        if (missing.Count > 0) await StreamRows.CheckCreatedAsync(row, missing, ct);
        await row.ReadAsync(ct);
        var numbers = row.GetFieldValue<long[]>(0);
        for (var i = 0; i < numbers.Length; i++) work.Events[i].Sequence = numbers[i];
    }

    /// <summary>A few events: numbers and rows in one round trip.</summary>
    public static async Task InsertAsync(NpgsqlConnection connection, UnitOfWork work, List<PendingStream> missing, DateTimeOffset now, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        if (missing.Count > 0) batch.BatchCommands.Add(StreamRows.Create(missing, now));
        batch.BatchCommands.Add(new NpgsqlBatchCommand($"""
            insert into mt_events ({Columns})
            select nextval('mt_events_sequence'), id, stream_id, version, data, type, $6, tenant_id, mt_dotnet_type, $9, $10, headers, false
            from unnest($1, $2, $3, $4, $5, $7, $8, $11) as e (id, stream_id, version, data, type, tenant_id, mt_dotnet_type, headers)
            returning seq_id
            """)
        {
            Parameters =
            {
                Values(NpgsqlDbType.Uuid, e => e.Id),
                Values(NpgsqlDbType.Varchar, e => e.Stream.Key),
                Values(NpgsqlDbType.Bigint, e => e.Version),
                Values(NpgsqlDbType.Jsonb, e => e.JsonBytes),
                Values(NpgsqlDbType.Varchar, e => e.Type.Alias),
                new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                Values(NpgsqlDbType.Varchar, e => e.Stream.TenantId),
                Values(NpgsqlDbType.Varchar, e => e.Type.DotNetType),
                new NpgsqlParameter { Value = (object?)work.CorrelationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                new NpgsqlParameter { Value = (object?)work.CausationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                Values(NpgsqlDbType.Jsonb, e => e.HeaderBytes),
            },
        });
        await using var row = await batch.ExecuteReaderAsync(ct);
        if (missing.Count > 0) await StreamRows.CheckCreatedAsync(row, missing, ct);
        foreach (var e in work.Events)
        {
            await row.ReadAsync(ct); // an insert answers in the order it was given
            e.Sequence = row.GetInt64(0);
        }

        NpgsqlParameter Values<T>(NpgsqlDbType type, Func<PendingEvent, T> value) => Appender.Values(type, work.Events, value);
    }
}

using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>Rows into <c>mt_events</c>: many by binary COPY, few by one insert.</summary>
internal static class EventInsert
{
    private const string Columns =
        "seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived";

    public static async Task CopyAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy mt_events ({Columns}) from stdin (format binary)", ct);
        foreach (var e in work.Events)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(e.Sequence, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(e.Id, NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(e.Stream.Key, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(e.Version, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(e.Json, NpgsqlDbType.Jsonb, ct);
            await copy.WriteAsync(e.Type.Alias, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(e.Stream.TenantId, NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(e.Type.DotNetType, NpgsqlDbType.Varchar, ct);
            await WriteOrNullAsync(copy, work.CorrelationId, NpgsqlDbType.Varchar, ct);
            await WriteOrNullAsync(copy, work.CausationId, NpgsqlDbType.Varchar, ct);
            await WriteOrNullAsync(copy, e.HeaderJson, NpgsqlDbType.Jsonb, ct);
            await copy.WriteAsync(false, NpgsqlDbType.Boolean, ct);
        }
        await copy.CompleteAsync(ct);
    }

    private static Task WriteOrNullAsync<T>(NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken ct) where T : class =>
        value is null ? copy.WriteNullAsync(ct) : copy.WriteAsync(value, type, ct);

    public static async Task InsertAsync(NpgsqlConnection connection, UnitOfWork work, DateTimeOffset now, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            insert into mt_events ({Columns})
            select seq_id, id, stream_id, version, data, type, $7, tenant_id, mt_dotnet_type, $10, $11, headers, false
            from unnest($1, $2, $3, $4, $5, $6, $8, $9, $12) as e (seq_id, id, stream_id, version, data, type, tenant_id, mt_dotnet_type, headers)
            """, connection)
        {
            Parameters =
            {
                Array(NpgsqlDbType.Bigint, e => e.Sequence),
                Array(NpgsqlDbType.Uuid, e => e.Id),
                Array(NpgsqlDbType.Varchar, e => e.Stream.Key),
                Array(NpgsqlDbType.Bigint, e => e.Version),
                Array(NpgsqlDbType.Jsonb, e => e.Json),
                Array(NpgsqlDbType.Varchar, e => e.Type.Alias),
                new NpgsqlParameter<DateTimeOffset> { TypedValue = now },
                Array(NpgsqlDbType.Varchar, e => e.Stream.TenantId),
                Array(NpgsqlDbType.Varchar, e => e.Type.DotNetType),
                new NpgsqlParameter { Value = (object?)work.CorrelationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                new NpgsqlParameter { Value = (object?)work.CausationId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
                Array(NpgsqlDbType.Jsonb, e => e.HeaderJson),
            },
        };
        await command.ExecuteNonQueryAsync(ct);

        NpgsqlParameter Array<T>(NpgsqlDbType type, Func<PendingEvent, T> value) => Appender.Array(type, work.Events, value);
    }
}

using Fleet.EventStore;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.Benchmarks.Store;

/// <summary>
/// What the server can take at all: the same rows by plain binary COPY into an identical table (same columns, indexes, foreign key,
/// streams there already), one commit per batch. No versions, no lock, no sequence, no JSON to make.
/// </summary>
internal sealed class CopyLimit(NpgsqlDataSource source, string schema)
{
    private long sequence;

    public async Task PrepareAsync(int streams)
    {
        await using var command = source.CreateCommand(
            $"insert into {schema}.mt_streams (tenant_id, id, type, version) select 'acme', 'device/' || to_char(n, 'FM00000'), 'meter', 0 from generate_series(0, {streams - 1}) n");
        await command.ExecuteNonQueryAsync();
    }

    public async Task WriteAsync(IReadOnlyList<(string Key, Guid Id, byte[] Json)> rows, long version, DateTimeOffset now)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var copy = await connection.BeginBinaryImportAsync(
            $"copy {schema}.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived) from stdin (format binary)");
        foreach (var (key, id, json) in rows)
        {
            copy.StartRow();
            copy.Write(++sequence, NpgsqlDbType.Bigint);
            copy.Write(id, NpgsqlDbType.Uuid);
            copy.Write(key, NpgsqlDbType.Varchar);
            copy.Write(version, NpgsqlDbType.Bigint);
            copy.Write(json, NpgsqlDbType.Jsonb);
            copy.Write("meter_read", NpgsqlDbType.Varchar);
            copy.Write(now, NpgsqlDbType.TimestampTz);
            copy.Write("acme", NpgsqlDbType.Varchar);
            copy.Write("Fleet.Benchmarks.Store.MeterEvent+MeterRead, Fleet.Benchmarks", NpgsqlDbType.Varchar);
            copy.WriteNull();
            copy.WriteNull();
            copy.WriteNull();
            copy.Write(false, NpgsqlDbType.Boolean);
        }
        await copy.CompleteAsync();
    }
}

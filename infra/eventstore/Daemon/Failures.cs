using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>Why a view or subscription stands still; in the database, so that every process can tell.</summary>
internal static class Failures
{
    public static async Task RecordAsync(DocumentStore store, string name, long? sequence, string message, CancellationToken ct)
    {
        await using var command = store.Source.CreateCommand("""
            insert into fleet_failure (name, seq_id, message, failed_at) values ($1, $2, $3, now())
            on conflict (name) do update set seq_id = excluded.seq_id, message = excluded.message
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = (object?)sequence ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = message });
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task ClearAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("delete from fleet_failure where name = $1", connection) { Parameters = { new() { Value = name } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}

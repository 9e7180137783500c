using Npgsql;

namespace Fleet.EventStore;

/// <summary>
/// Rows of <c>fleet_arrival</c>: which events came with a tenant from another region. They were folded in the transaction that brought them, and announced where they happened: the daemon's views and
/// subscriptions pass over them. A rebuild reads them like all others.
/// </summary>
internal static class Arrivals
{
    /// <summary>Ends a where clause over mt_events.</summary>
    public const string PassedOver = " and not exists (select from fleet_arrival a where a.tenant_id = mt_events.tenant_id and mt_events.seq_id between a.seq_from and a.seq_to)";

    /// <summary>Another one means that tenants came or left, with their rows: what a fold remembers of rows may be wrong.</summary>
    public static async Task<string> StampAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(
            "select (select count(*) from fleet_departure where left_at is not null) || '/' || (select count(*) from fleet_arrival) || '/' || (select coalesce(max(seq_to), 0) from fleet_arrival)", connection);
        return (string)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The export a tenant came by; null when it came by none.</summary>
    public static async Task<string?> ExportOfAsync(NpgsqlConnection connection, string tenant, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select export from fleet_arrival where tenant_id = $1", connection) { Parameters = { new() { Value = tenant } } };
        return await command.ExecuteScalarAsync(ct) as string;
    }
}

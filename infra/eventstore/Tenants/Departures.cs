using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>A tenant that leaves, or has left, for another region.</summary>
/// <param name="Region">Where it goes; its name. This very region's, while it is being brought here: until all stores have it, none of them serves it.</param>
/// <param name="LeftAt">Null while it is being moved: its data is still here, and new work for it is not taken on.</param>
/// <param name="Statement">What its old routes answer from then on, a signed JWS.</param>
public sealed record Departure(string TenantId, string Region, DateTimeOffset ClosedAt, DateTimeOffset? LeftAt, string? Statement);

/// <summary>Rows of <c>fleet_departure</c>: who has left. Nothing of a tenant that has left can be appended (<see cref="TenantLeftException"/>).</summary>
public sealed class Departures
{
    private const string Columns = "tenant_id, region, closed_at, left_at, statement";
    private readonly DocumentStore store;

    internal Departures(DocumentStore store) => this.store = store;

    public async Task<Departure?> FindAsync(string tenant, CancellationToken ct = default) => (await AmongAsync([tenant], ct)).SingleOrDefault();

    /// <summary>Those of the tenants that leave or have left.</summary>
    public async Task<IReadOnlyList<Departure>> AmongAsync(IReadOnlyCollection<string> tenants, CancellationToken ct = default)
    {
        await using var command = store.Source.CreateCommand($"select {Columns} from fleet_departure where tenant_id = any ($1)");
        command.Parameters.Add(Appender.Values(NpgsqlDbType.Varchar, tenants, t => t));
        var found = new List<Departure>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            found.Add(new(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2),
                row.IsDBNull(3) ? null : row.GetFieldValue<DateTimeOffset>(3), row.IsDBNull(4) ? null : row.GetString(4)));
        return found;
    }

    /// <summary>Writes or replaces a tenant's row.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, Departure departure, CancellationToken ct = default)
    {
        await using var command = new NpgsqlCommand($"""
            insert into fleet_departure ({Columns}) values ($1, $2, $3, $4, $5)
            on conflict (tenant_id) do update set region = excluded.region, closed_at = excluded.closed_at, left_at = excluded.left_at, statement = excluded.statement
            """, connection)
        {
            Parameters =
            {
                new() { Value = departure.TenantId }, new() { Value = departure.Region }, new() { Value = departure.ClosedAt.ToUniversalTime() },
                new() { Value = (object?)departure.LeftAt?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = (object?)departure.Statement ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Varchar },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    /// <summary>It is here again, or stays.</summary>
    public static async Task ForgetAsync(NpgsqlConnection connection, string tenant, CancellationToken ct = default)
    {
        await using var command = new NpgsqlCommand("delete from fleet_departure where tenant_id = $1", connection) { Parameters = { new() { Value = tenant } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}

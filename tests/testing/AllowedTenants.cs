using Fleet.Defaults;
using Npgsql;

namespace Fleet.Testing;

/// <summary>
/// Tenants that allow a provider's people and integrators everything, as if the consent service had said so before anything else: what it really says has a higher version, and counts.
/// For tests that are about other things than consent.
/// </summary>
internal sealed class AllowedTenants(TestPlace place, IReadOnlyCollection<Module> modules)
{
    private const string Everything =
        """
        select unnest($1), '{"fleet-management":"2000-01-01T00:00:00Z","billing":"2000-01-01T00:00:00Z"}'::jsonb, '{"remote-monitoring":"2000-01-01T00:00:00Z"}'::jsonb on conflict do nothing
        """;

    private readonly Lock _one = new();
    private readonly HashSet<string> _known = [];

    public void Allow(IReadOnlyList<string> tenants)
    {
        lock (_one)
        {
            var fresh = tenants.Where(_known.Add).ToArray();
            foreach (var module in fresh.Length == 0 ? [] : modules.Where(module => module.Tables.Contains(TenantAccess.Table)))
            {
                using var source = new NpgsqlDataSourceBuilder(place.DatabaseOf(module.Name).Owner) { Name = "allowed-tenants" }.Build();
                using var command = source.CreateCommand($"insert into {module.Name}.tenant_access (tenant_id, purposes, features) {Everything}");
                command.Parameters.Add(new() { Value = fresh });
                command.ExecuteNonQuery();
            }
        }
    }
}

using System.Text.Json;

namespace Fleet.Defaults;

/// <summary>A row of <see cref="TenantAccess"/>.</summary>
/// <param name="Purposes">Name → since when it stands; as <paramref name="Features"/>.</param>
/// <param name="MovedAt">When it last went to another provider.</param>
public sealed record AccessRow(string Tenant, string? Provider, DateTimeOffset? MovedAt, IReadOnlyDictionary<string, DateTimeOffset> Purposes, IReadOnlyDictionary<string, DateTimeOffset> Features)
{
    /// <summary>What was given to an earlier provider is not this one's.</summary>
    public Allowed Allowed => new(Since(Purposes), Since(Features));

    private HashSet<string> Since(IReadOnlyDictionary<string, DateTimeOffset> names) => [.. names.Where(name => MovedAt is null || name.Value >= MovedAt).Select(name => name.Key)];
}

/// <summary>What the tenants of a token allow now: one read per request, as the reader role, and nothing kept, so that a withdrawal counts from the moment this module has heard of it.</summary>
public static class ReadAccess
{
    /// <summary>Who looks after a tenant; null while this module has not heard of it.</summary>
    public static async Task<string?> ProviderOfAsync(ModuleContext module, string tenant, CancellationToken cancel) =>
        (await OfAsync(module, [tenant], cancel)) is [var row] ? row.Provider : null;

    public static async Task<IReadOnlyList<AccessRow>> OfAsync(ModuleContext module, IReadOnlyList<string> tenants, CancellationToken cancel)
    {
        // A module that does not keep the table knows nothing, and so shows nothing.
        if (tenants.Count == 0 || !module.Module.Tables.Contains(TenantAccess.Table))
            return [];
        await using var session = module.Store.QuerySession(tenants);
        var json = await session.ScalarAsync<string>(
            "select jsonb_agg(jsonb_build_object('tenant', tenant_id, 'provider', provider_id, 'movedAt', moved_at, 'purposes', purposes, 'features', features))::text from tenant_access", null, cancel);
        return json is null ? [] : JsonSerializer.Deserialize<List<AccessRow>>(json, JsonSerializerOptions.Web)!;
    }
}

// tenant_created, tenant_moved -> rows tenants -> GET /api/v1/tenants
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Tenants;

/// <summary>A customer organisation.</summary>
public sealed record TenantRow(string TenantId, string Provider, string Name, DateTimeOffset CreatedAt);

public static class Tenants
{
    // Inline: who creates a tenant looks it up in the next call.
    public static readonly View<TenantRow> View = new("tenants", 2, Keys, Evolve) { Lifecycle = ViewLifecycle.Inline };

    private static IEnumerable<string> Keys(IEvent e) => e.Data is TenantEvent.Created or TenantEvent.Moved ? [e.TenantId] : [];

    private static TenantRow? Evolve(TenantRow? row, IEvent e, string key) => e.Data switch
    {
        TenantEvent.Created created => new(e.TenantId, created.Provider, created.Name, created.At),
        TenantEvent.Moved moved => row! with { Provider = moved.To },
        _ => row,
    };
}

public static class TenantsRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants", async (Caller caller, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var most = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession(await Customers.VisibleToAsync(module, caller, cancel));
            var rows = await session.QueryAsync<TenantRow>(
                "where key > @after order by key limit @most", new { after = last ?? "", most = most + 1 }, cancel);
            return Results.Ok(Page<TenantRow>.Of(rows, most, row => row.TenantId));
        })
        .Requires(Right.ReadTenants).WithName("ListTenants").WithSummary("The customers the caller looks after or belongs to").Produces<Page<TenantRow>>();
}

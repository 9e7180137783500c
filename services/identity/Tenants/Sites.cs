// tenant_site_opened -> rows sites -> GET /api/v1/tenants/{tenant}/sites
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Tenants;

/// <summary>A place of a tenant.</summary>
public sealed record SiteRow(string SiteId, string Name, string TimeZone, DateTimeOffset OpenedAt);

public static class Sites
{
    public static readonly View<SiteRow> View = new("sites", 1, Keys, Evolve) { Lifecycle = ViewLifecycle.Inline };

    private static IEnumerable<string> Keys(IEvent e) => e.Data is TenantEvent.SiteOpened opened ? [opened.Site] : [];

    private static SiteRow? Evolve(SiteRow? row, IEvent e, string key) =>
        e.Data is TenantEvent.SiteOpened opened ? new(opened.Site, opened.Name, opened.TimeZone, opened.At) : row;
}

public static class SitesRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{tenant}/sites", async (string tenant, Caller caller, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!(await Customers.VisibleToAsync(module, caller, cancel)).Contains(tenant))
                return Problems.UnknownTenant(tenant).ToResult();
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var most = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession([tenant]);
            var rows = await session.QueryAsync<SiteRow>(
                "where key > @after order by key limit @most", new { after = last ?? "", most = most + 1 }, cancel);
            return Results.Ok(Page<SiteRow>.Of(rows, most, row => row.SiteId));
        })
        .Requires(Right.ReadTenants).WithName("ListSites").WithSummary("A tenant's places").Produces<Page<SiteRow>>();
}

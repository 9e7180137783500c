// POST /api/v1/tenants/{tenant}/sites -> Decide -> stream tenant/{id} -> Sites -> GET /api/v1/tenants/{tenant}/sites
using Fleet.Defaults;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NodaTime;

namespace Fleet.Identity.Tenants;

/// <summary>A place to open.</summary>
/// <param name="SiteId">A slug, unique in the tenant, stable for ever.</param>
/// <param name="TimeZone">IANA name, <c>Europe/Vienna</c>: readings and invoices of the site are dated in it.</param>
public sealed record NewSite(string SiteId, string Name, string TimeZone);

public static class OpenSite
{
    public static Decision<TenantEvent> Decide(string tenantId, NewSite wanted, string by, Tenant tenant, DateTimeOffset now)
    {
        if (tenant.Provider is null)
            return Problems.UnknownTenant(tenantId);
        if (!Slug.Holds(wanted.SiteId))
            return Refusal.Invalid("site-id", $"'{wanted.SiteId}' cannot be a site's id: {Slug.Rule}.");
        if (!DisplayName.Holds(wanted.Name))
            return Refusal.Invalid("name", $"A site's name is {DisplayName.Rule}.");
        if (wanted.TimeZone is null || DateTimeZoneProviders.Tzdb.GetZoneOrNull(wanted.TimeZone) is null)
            return Refusal.Invalid("time-zone", $"'{wanted.TimeZone}' is not a time zone of the IANA database, as 'Europe/Vienna' is.");
        if (!tenant.Sites.TryGetValue(wanted.SiteId, out var site))
            return new TenantEvent.SiteOpened(wanted.SiteId, wanted.Name, wanted.TimeZone, by, now);

        return site == new Site(wanted.Name, wanted.TimeZone)
            ? Decision<TenantEvent>.Nothing
            : Refusal.Conflict("site-id-taken", $"The tenant has a site '{wanted.SiteId}' with another name or time zone; choose another id.");
    }
}

public static class OpenSiteRoute
{
    // The route value is not `t`: whether the caller sees the tenant is asked of the directory, which may be newer than the token.
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/tenants/{tenant}/sites", async (string tenant, NewSite wanted, Caller caller, CancellationToken cancel) =>
        {
            if (!(await Customers.VisibleToAsync(module, caller, cancel)).Contains(tenant))
                return Problems.UnknownTenant(tenant).ToResult();
            var outcome = await module.DecideAsync<Tenant, TenantEvent>(
                tenant, Tenant.Key(tenant), state => OpenSite.Decide(tenant, wanted, caller.Id, state, module.Clock.GetUtcNow()), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Created($"/api/v1/tenants/{tenant}/sites", wanted);
        })
        .Requires(Right.ManageTenants).Idempotent(module)
        .WithName("OpenSite").WithSummary("A new place of a tenant").Produces<NewSite>(StatusCodes.Status201Created);
}

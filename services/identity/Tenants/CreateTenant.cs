// POST /api/v1/tenants -> Decide -> streams tenant/{id} and provider/{id}, one transaction -> Tenants -> GET /api/v1/tenants
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Tenants;

/// <summary>A customer to take on.</summary>
/// <param name="TenantId">A slug, stable for ever.</param>
/// <param name="Name">As people call the customer.</param>
public sealed record NewTenant(string TenantId, string Name);

public static class CreateTenant
{
    /// <param name="region">This one.</param>
    /// <param name="elsewhere">The id is that of a tenant of another region: ids are taken over all of them.</param>
    public static Decision<TenantEvent> Decide(NewTenant wanted, string provider, string by, Tenant tenant, DateTimeOffset now, string? region = null, bool elsewhere = false)
    {
        if (!Slug.Holds(wanted.TenantId))
            return Refusal.Invalid("tenant-id", $"'{wanted.TenantId}' cannot be a tenant's id: {Slug.Rule}.");
        if (!DisplayName.Holds(wanted.Name))
            return Refusal.Invalid("name", $"A tenant's name is {DisplayName.Rule}.");
        if (tenant.Provider is null && !elsewhere)
            return new TenantEvent.Created(provider, wanted.Name, by, now, region);

        // The same words for one's own and another provider's: nobody learns whose customer it is.
        return tenant.Provider == provider && tenant.Name == wanted.Name
            ? Decision<TenantEvent>.Nothing
            : Refusal.Conflict("tenant-id-taken", $"The id '{wanted.TenantId}' is taken; choose another one.");
    }
}

public static class CreateTenantRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/tenants", async (NewTenant wanted, Caller caller, CancellationToken cancel) =>
        {
            if (caller.Provider is not { } provider)
                return Problems.MissingRight(Right.ManageTenants).ToResult();
            var refusal = await CreateAsync(module, wanted, provider, caller.Id, cancel);
            return refusal?.ToResult() ?? Results.Created($"/api/v1/tenants/{wanted.TenantId}/sites", wanted);
        })
        .Requires(Right.ManageTenants).Idempotent(module)
        .WithName("CreateTenant").WithSummary("A new customer of the caller's provider").Produces<NewTenant>(StatusCodes.Status201Created);

    private static async Task<Refusal?> CreateAsync(ModuleContext module, NewTenant wanted, string provider, string by, CancellationToken cancel)
    {
        var elsewhere = wanted.TenantId is { } id && (module.Regions.ElsewhereOf(id) is not null || await module.Store.Departures.FindAsync(id, cancel) is not null);
        for (var attempt = 1; ; attempt++)
        {
            await using var session = module.Store.BatchSession();
            var tenant = (await session.FetchForWriting<Tenant>([(wanted.TenantId, Tenant.Key(wanted.TenantId))], cancel))[0];
            var now = module.Clock.GetUtcNow();
            var decision = CreateTenant.Decide(wanted, provider, by, tenant.Aggregate, now, module.Regions.Here, elsewhere);
            if (decision.Refusal is not null || decision.Events.Count == 0)
                return decision.Refusal;

            tenant.AppendMany(decision.Events);
            // Whatever else the provider took on meanwhile: a set has no order, so this append expects no version.
            session.Append(StoreTenants.Of(provider), Provider.Key(provider), new ProviderEvent.TookOn(wanted.TenantId, now));
            try
            {
                await session.SaveChangesAsync(cancel);
                return null;
            }
            catch (ConcurrencyException) when (attempt == 1)
            {
                // Somebody else created the very same tenant: the second look says so.
            }
        }
    }
}

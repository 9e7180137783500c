// POST /api/v1/tenants/{tenant}/provider/accept, …/decline -> Decide -> streams tenant/{id}, provider/{old}, provider/{new} -> identity.TenantMoved
using Fleet.Defaults;
using Fleet.Identity.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Providers;

/// <summary>The provider's half of a move: it accepts or declines what a customer asked it, and can do neither unasked.</summary>
public static class TakeOver
{
    public static Decision<TenantEvent> Accept(string tenantId, string provider, string by, Tenant tenant, DateTimeOffset now)
    {
        if (tenant.Provider is { } old && tenant.Asked?.Provider == provider)
            return now < tenant.Asked.Until
                ? new TenantEvent.Moved(old, provider, by, now)
                : Refusal.Conflict("request-expired", $"The customer asked until {tenant.Asked.Until:yyyy-MM-dd}; it has to ask again.");

        // Accepted twice is accepted. Everybody else learns nothing, not even that there is such a customer.
        return tenant.Provider == provider ? Decision<TenantEvent>.Nothing : Problems.UnknownTenant(tenantId);
    }

    public static Decision<TenantEvent> Decline(string tenantId, string provider, string by, Tenant tenant, DateTimeOffset now) =>
        tenant.Asked?.Provider == provider ? new TenantEvent.MoveDropped(provider, by, now) : Problems.UnknownTenant(tenantId);
}

public static class TakeOverRoute
{
    // The route value is not `t`: the asked provider's token cannot name the customer yet.
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{tenant}/provider/accept", (string tenant, Caller caller, CancellationToken cancel) =>
            AnswerAsync(module, tenant, caller, (provider, state) => TakeOver.Accept(tenant, provider, caller.Id, state, module.Clock.GetUtcNow()), cancel))
        .Requires(Right.ManageTenants).Idempotent(module)
        .WithName("AcceptTenant").WithSummary("Takes a customer on that asked for it")
        .WithDescription("From this instant it is the caller's customer and nobody else's. Its agents stay enrolled and collect nothing until it has consented anew.")
        .Produces(StatusCodes.Status204NoContent);

        app.MapPost("/api/v1/tenants/{tenant}/provider/decline", (string tenant, Caller caller, CancellationToken cancel) =>
            AnswerAsync(module, tenant, caller, (provider, state) => TakeOver.Decline(tenant, provider, caller.Id, state, module.Clock.GetUtcNow()), cancel))
        .Requires(Right.ManageTenants).Idempotent(module)
        .WithName("DeclineTenant").WithSummary("Declines a customer that asked").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> AnswerAsync(
        ModuleContext module, string tenant, Caller caller, Func<string, Tenant, Decision<TenantEvent>> decide, CancellationToken cancel) =>
        caller.Provider is not { } provider
            ? Problems.MissingRight(Right.ManageTenants).ToResult()
            : (await ChangeProvider.RunAsync(module, tenant, state => decide(provider, state), cancel))?.ToResult() ?? Results.NoContent();
}

// POST /api/v1/tenants/{tenant}/provider, …/provider/withdraw -> Decide -> streams tenant/{id} and provider/{asked} -> GET /api/v1/takeovers
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Tenants;

/// <summary>Who shall look after the customer from the moment it accepts.</summary>
/// <param name="ProviderId">The provider's id, as it told the customer.</param>
public sealed record WantedProvider(string ProviderId);

/// <summary>
/// The customer's half of a move. It names the new provider; whether there is one of that name it is not told, so that nobody can look providers up here.
/// </summary>
public static class AskProvider
{
    /// <summary>An answer may take a notice period's paperwork, and no question stays open for ever.</summary>
    public static readonly TimeSpan Open = TimeSpan.FromDays(14);

    public static Decision<TenantEvent> Decide(string tenantId, WantedProvider wanted, string by, Tenant tenant, DateTimeOffset now)
    {
        if (tenant.Provider is null)
            return Problems.UnknownTenant(tenantId);
        if (!Slug.Holds(wanted.ProviderId))
            return Refusal.Invalid("provider-id", $"'{wanted.ProviderId}' cannot be a provider's id: {Slug.Rule}.");
        if (tenant.Provider == wanted.ProviderId)
            return Refusal.Conflict("same-provider", $"'{wanted.ProviderId}' looks after this customer already.");

        TenantEvent asked = new TenantEvent.MoveAsked(wanted.ProviderId, by, now + Open, now);
        return tenant.Asked switch
        {
            null => new([asked]),
            { } open when open.Provider == wanted.ProviderId => now < open.Until ? Decision<TenantEvent>.Nothing : new([asked]),
            { } other => new([new TenantEvent.MoveDropped(other.Provider, by, now), asked]), // one at a time: two might accept
        };
    }

    public static Decision<TenantEvent> Withdraw(string by, Tenant tenant, DateTimeOffset now) =>
        tenant.Asked is { } open ? new TenantEvent.MoveDropped(open.Provider, by, now) : Decision<TenantEvent>.Nothing;
}

public static class AskProviderRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapPost("/api/v1/tenants/{t}/provider", async (string t, WantedProvider wanted, Caller caller, CancellationToken cancel) =>
            (await ChangeProvider.RunAsync(module, t, tenant => AskProvider.Decide(t, wanted, caller.Id, tenant, module.Clock.GetUtcNow()), cancel))?.ToResult()
            ?? Results.Accepted($"/api/v1/tenants/{t}/provider", wanted))
        .Requires(Right.ChooseProvider).Idempotent(module)
        .WithName("AskProvider").WithSummary("Asks another provider to look after the customer")
        .WithDescription("Nothing changes until that provider accepts, within 14 days. Then the old one sees nothing any more, and every consent has ended: the new one needs consents of its own.")
        .Produces<WantedProvider>(StatusCodes.Status202Accepted);

        app.MapPost("/api/v1/tenants/{t}/provider/withdraw", async (string t, Caller caller, CancellationToken cancel) =>
            (await ChangeProvider.RunAsync(module, t, tenant => AskProvider.Withdraw(caller.Id, tenant, module.Clock.GetUtcNow()), cancel))?.ToResult()
            ?? Results.NoContent())
        .Requires(Right.ChooseProvider).Idempotent(module)
        .WithName("WithdrawProvider").WithSummary("Takes the question to another provider back").Produces(StatusCodes.Status204NoContent);

        app.MapGet("/api/v1/tenants/{t}/provider", async (string t, CancellationToken cancel) =>
        {
            await using var session = module.Store.LightweightSession(t);
            var tenant = (await session.Events.FetchForWriting<Tenant>(Tenant.Key(t), cancel)).Aggregate;
            return tenant.Provider is not { } provider ? Problems.UnknownTenant(t).ToResult()
                : Results.Ok(new CurrentProvider(provider, tenant.Asked?.Provider, tenant.Asked?.Until));
        })
        .Requires(Right.ChooseProvider).WithName("GetProvider").WithSummary("Who looks after the customer, and who was asked to").Produces<CurrentProvider>();
    }
}

/// <summary>Who looks after a customer.</summary>
/// <param name="Asked">The provider that was asked to take it on and has not answered; null when none was.</param>
/// <param name="Until">Then the question is void.</param>
public sealed record CurrentProvider(string ProviderId, string? Asked, DateTimeOffset? Until);

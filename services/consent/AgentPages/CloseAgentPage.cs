// POST /api/v1/tenants/{t}/consents/agent-page -> Decide -> stream agent-page/{tenant} -> ConsentAtAgent
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.AgentPages;

/// <summary>Whether somebody at the machine of an agent may give consents for the tenant.</summary>
public sealed record AgentPageRule(bool MayGrant);

public static class CloseAgentPage
{
    public static Decision<AgentPageEvent> Decide(AgentPageRule wanted, string by, AgentPage page, DateTimeOffset now) =>
        wanted.MayGrant == page.MayGrant ? Decision<AgentPageEvent>.Nothing
        : wanted.MayGrant ? new AgentPageEvent.Opened(by, now)
        : new AgentPageEvent.Closed(by, now);
}

public static class CloseAgentPageRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/tenants/{t}/consents/agent-page", async (string t, AgentPageRule wanted, Caller caller, CancellationToken cancel) =>
        {
            var outcome = await module.DecideAsync<AgentPage, AgentPageEvent>(
                t, AgentPage.Key(t), page => CloseAgentPage.Decide(wanted, caller.Id, page, module.Clock.GetUtcNow()), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Ok(new AgentPageRule(outcome.State.MayGrant));
        })
        .Requires(Right.ChangeConsents).Idempotent(module)
        .WithName("SetAgentPageRule").WithSummary("Whether consents may be given at the local pages of the tenant's agents")
        .WithDescription("Open unless it was closed. Whoever is at the machine can take a consent back there in any case.").Produces<AgentPageRule>();
}

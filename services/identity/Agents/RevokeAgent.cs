// POST /api/v1/tenants/{tenant}/enrolments/{agentId}/revoke -> Decide -> stream agent/{id} -> AgentRevoked; no token any more
using System.ComponentModel;
using Fleet.Defaults;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Agents;

public static class RevokeAgent
{
    public static Decision<AgentEvent> Decide(string agentId, string reason, string? by, Agent agent, DateTimeOffset now) => agent switch
    {
        { Key: null } => Refusal.Unknown("unknown-agent", $"No agent '{agentId}' was enrolled for this tenant."),
        { IsRevoked: true } => Decision<AgentEvent>.Nothing,
        _ => new AgentEvent.Revoked(reason, by, now, agent.Since),
    };
}

public static class RevokeAgentRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/tenants/{tenant}/enrolments/{agentId}/revoke", async (string tenant, [Description("The agent's id in the tenant.")] string agentId, Caller caller, CancellationToken cancel) =>
        {
            if (!(await Customers.VisibleToAsync(module, caller, cancel)).Contains(tenant))
                return Problems.UnknownTenant(tenant).ToResult();
            var outcome = await module.DecideAsync<Agent, AgentEvent>(
                tenant, Agent.StreamKey(agentId), agent => RevokeAgent.Decide(agentId, "by-hand", caller.Id, agent, module.Clock.GetUtcNow()), cancel);
            return outcome.Refusal?.ToResult() ?? Results.NoContent();
        })
        .Requires(Right.EnrolAgents).Idempotent(module)
        .WithName("RevokeAgent").WithSummary("Ends an agent's enrolment: it gets no token any more")
        .WithDescription("Its connection to the broker ends within a minute. The same machine can be enrolled again, and is the same agent then.")
        .Produces(StatusCodes.Status204NoContent);
}

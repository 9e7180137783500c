// identity.AgentEnrolled, AgentRevoked -> Decide -> stream agent/{site}/{agent} -> CheckSeal
using Fleet.Contracts.Identity.V1;
using Fleet.Defaults;
using Fleet.Telemetry.Gate;

namespace Fleet.Telemetry.Agents;

public static class LearnAgent
{
    /// <summary>The same message again changes nothing: a key is learned once, and once revoked stays so, in whatever order the two are heard.</summary>
    public static Decision<AgentEvent> Decide(AgentEnrolled enrolled, Agent agent) =>
        agent.Keys.Any(key => key.Id == enrolled.KeyId && key.IsKnown)
            ? Decision<AgentEvent>.Nothing
            : new AgentEvent.KeyLearned(enrolled.KeyId, enrolled.X, enrolled.Y, enrolled.At);

    public static Decision<AgentEvent> Decide(AgentRevoked revoked, Agent agent) =>
        agent.Keys.Any(key => key.Id == revoked.KeyId && key.RevokedAt is not null)
            ? Decision<AgentEvent>.Nothing
            : new AgentEvent.KeyRevoked(revoked.KeyId, revoked.At);
}

public static class LearnAgentConsumers
{
    public static readonly IReadOnlyList<Consumer> All =
    [
        Consumer.On<AgentEnrolled>("learn-agent-keys", async (enrolled, delivery) =>
        {
            await RunAsync(delivery, enrolled.TenantId, enrolled.SiteId, enrolled.AgentId, agent => LearnAgent.Decide(enrolled, agent));
            await new GateTransaction(delivery.Module).ReleaseAsync(enrolled.TenantId, enrolled.SiteId, enrolled.AgentId, enrolled.KeyId, new(delivery.Bus), delivery.Cancel);
        }),
        Consumer.On<AgentRevoked>("learn-revoked-keys", (revoked, delivery) =>
            RunAsync(delivery, revoked.TenantId, revoked.SiteId, revoked.AgentId, agent => LearnAgent.Decide(revoked, agent))),
    ];

    private static async Task RunAsync(Delivery delivery, string tenant, string site, string agent, Func<Agent, Decision<AgentEvent>> decide)
    {
        var outcome = await delivery.Module.DecideAsync(tenant, Agent.StreamKey($"{site}/{agent}"), decide, delivery.Cancel);
        // The only refusal there is says "busy": a fact from the bus is tried again, never dropped.
        if (outcome.Refusal is { } busy)
            throw new TimeoutException(busy.Detail);
    }
}

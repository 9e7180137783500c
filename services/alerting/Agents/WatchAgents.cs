// telemetry.BatchForged, AgentFellSilent, AgentSpokeAgain -> Evidence -> Weigh -> streams alert/agent/{site}/{agent}/… -> Alerts -> GET /api/v1/alerts
using Fleet.Alerting.Alerts;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;

namespace Fleet.Alerting.Agents;

/// <summary>What concerns an agent, not a device: in a device's place stands <c>agent/{site}/{agent}</c>, which no device's id is.</summary>
public static class WatchAgents
{
    public static Condition Forged(BatchForged said) => new(said.TenantId, Subject(said.SiteId, said.AgentId), "forged-batch");

    public static Condition Silent(string tenant, string site, string agent) => new(tenant, Subject(site, agent), "silent");

    /// <summary>Never over by itself: that no further one comes does not say who sent this one. A person looks, and resolves.</summary>
    public static Evidence Evidence(BatchForged said) =>
        new Evidence.Holds(Severity.Critical, $"A batch in the name of {said.AgentId} at {said.SiteId} is not its word ({said.Reason}): somebody else may hold its login. Nothing of it was kept.");

    public static Evidence Evidence(AgentFellSilent said) => new Evidence.Holds(
        said.Cause == "site-dark" ? Severity.Critical : Severity.Warning,
        said.Cause == "site-dark" ? $"Nothing is heard from {said.SiteId}: agent {said.AgentId} is silent, and no other speaks for it" : $"Agent {said.AgentId} is silent; another one speaks for {said.SiteId}");

    private static string Subject(string site, string agent) => $"agent/{site}/{agent}";
}

public static class WatchAgentsConsumers
{
    public static readonly IReadOnlyList<Consumer> All =
    [
        Consumer.On<BatchForged>("watch-forged-batches", (said, delivery) => Observe.AppendAsync(delivery, said.At, [(WatchAgents.Forged(said), WatchAgents.Evidence(said))]), atOnce: 1),
        Consumer.On<AgentFellSilent>("watch-silent-agents", (said, delivery) =>
            Observe.AppendAsync(delivery, said.At, [(WatchAgents.Silent(said.TenantId, said.SiteId, said.AgentId), WatchAgents.Evidence(said))]), atOnce: 1),
        Consumer.On<AgentSpokeAgain>("watch-speaking-agents", (said, delivery) =>
            Observe.AppendAsync(delivery, said.At, [(WatchAgents.Silent(said.TenantId, said.SiteId, said.AgentId), new Evidence.Over())]), atOnce: 1),
    ];
}

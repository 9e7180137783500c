using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Telemetry.Agents;

// stream agent/{site}/{agent} -> telemetry.BatchForged, AgentFellSilent, AgentSpokeAgain
public static class AnnounceAgent
{
    public static readonly IReadOnlyList<Announcement> All =
    [
        Announcement.Of<AgentEvent.BatchRefused, BatchForged>(e => e.Data.Forged is true && Named(e) is var (site, agent) ? new(e.TenantId, site, agent, e.Data.Reason, e.Data.Sha256, e.Data.At) : null),
        Announcement.Of<AgentEvent.FellSilent, AgentFellSilent>(e => Named(e) is var (site, agent) ? new(e.TenantId, site, agent, e.Data.Cause, e.Data.LastHeardAt, e.Data.At) : null),
        Announcement.Of<AgentEvent.SpokeAgain, AgentSpokeAgain>(e => Named(e) is var (site, agent) ? new(e.TenantId, site, agent, e.Data.At) : null),
    ];

    private static (string Site, string Agent) Named(IEvent e) => e.StreamKey.Split('/') is [_, var site, var agent] ? (site, agent) : throw new InvalidOperationException($"'{e.StreamKey}' is no agent's stream");
}

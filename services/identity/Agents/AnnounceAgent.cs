using Fleet.Contracts.Identity.V1;
using Fleet.EventStore;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Agents;

public static class AnnounceAgent
{
    public static AgentEnrolled Enrolled(IEvent<AgentEvent.Enrolled> e) =>
        new(e.TenantId, e.Data.Site, IdOf(e), new ProofKey(e.Data.X, e.Data.Y).Id, e.Data.X, e.Data.Y, e.Data.At);

    /// <param name="agent">As of the event.</param>
    public static AgentRevoked Revoked(Agent agent, IEvent<AgentEvent.Revoked> e) => new(e.TenantId, agent.Site!, IdOf(e), agent.Key!.Id, e.Data.Reason, e.Data.At);

    private static string IdOf(IEvent e) => e.StreamKey[Agent.StreamKey("").Length..];
}

using Fleet.Contracts.Identity.V1;
using Fleet.EventStore;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Agents;

public static class AnnounceAgent
{
    public static AgentEnrolled Enrolled(IEvent<AgentEvent.Enrolled> e) =>
        new(e.TenantId, e.Data.Site, Agent.IdOf(e.StreamKey), new ProofKey(e.Data.X, e.Data.Y).Id, e.Data.X, e.Data.Y, e.Data.At);

    /// <param name="agent">As of the event.</param>
    public static AgentRevoked Revoked(Agent agent, IEvent<AgentEvent.Revoked> e) => new(e.TenantId, agent.Site!, Agent.IdOf(e.StreamKey), agent.Key!.Id, e.Data.Reason, e.Data.At);
}

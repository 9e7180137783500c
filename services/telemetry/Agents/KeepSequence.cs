using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Agents;

// edge batch -> Decide -> stream agent/{site}/{agent} -> Agents, Refusals -> GET /api/v1/agents
/// <summary>What a batch says about its agent: accepted or refused, and the gaps it opens or fills.</summary>
public static class KeepSequence
{
    /// <summary>
    /// The refusal of a batch whose number another batch has had. The very same batch never comes here (it is claimed), and an agent
    /// that starts a chain of its own says so.
    /// </summary>
    public static string? Refusal(ReceivedBatch batch, Agent agent) =>
        batch.Refused
        ?? (batch.Sequence is not { } sequence || batch.StartsChain ? null
            : !agent.Lacks(sequence) ? Refusals.SequenceReused
            : !agent.Fits(sequence, batch.Sha256, batch.Previous) ? Refusals.Chain
            : null);

    /// <summary>Not the agent's word: counted, and nothing of the chain moves.</summary>
    public static IReadOnlyList<AgentEvent> Forged(ReceivedBatch batch, string refusal, DateTimeOffset now) =>
        [new AgentEvent.BatchRefused(batch.Sequence, refusal, Short(batch.RoutingKey), batch.Sha256, batch.Size, now, Forged: true)];

    /// <param name="notKept">Reason → how many of its events were refused.</param>
    public static IReadOnlyList<AgentEvent> Decide(
        ReceivedBatch batch, string? refusal, IReadOnlyDictionary<string, int> notKept, Agent agent, DateTimeOffset now) =>
    [
        .. Order(batch, agent, now),
        refusal is null
            ? new AgentEvent.BatchAccepted(batch.Sequence!.Value, batch.Lane, batch.Events.Count, notKept.Count > 0 ? notKept : null, batch.Sha256, now, batch.Previous, batch.Seal?.KeyId)
            : new AgentEvent.BatchRefused(batch.Sequence, refusal, Short(batch.RoutingKey), batch.Sha256, batch.Size, now),
    ];

    // A refused batch has come all the same: its number is no gap.
    private static IEnumerable<AgentEvent> Order(ReceivedBatch batch, Agent agent, DateTimeOffset now)
    {
        if (batch is { Sequence: 1, StartsChain: true, Refused: null } && agent.Highest > 0 && !agent.Lacks(1))
            return [new AgentEvent.SequenceRestarted(agent.Highest, now)];
        return batch.Sequence switch
        {
            { } sequence when sequence > agent.Highest + 1 => [new AgentEvent.GapOpened(agent.Highest + 1, sequence - 1, now)],
            { } sequence when sequence <= agent.Highest && agent.Lacks(sequence) => [new AgentEvent.GapFilled(sequence, now)],
            _ => [],
        };
    }

    private static string Short(string routingKey) => routingKey.Length <= 200 ? routingKey : routingKey[..200];
}

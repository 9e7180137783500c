using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Agents;

// edge batch + keys of its agent -> Decide -> its word, or somebody else's
/// <summary>
/// Whether a batch is the word of the agent it names. Asked first of all: what is not counts as having come for nothing, so that no forger can use up a number of the chain.
/// An agent that was let in without a key (a client with a secret) has its broker login alone.
/// </summary>
public static class CheckSeal
{
    /// <returns>Null when it is; else one of <see cref="Refusals"/>.</returns>
    public static string? Decide(ReceivedBatch batch, Agent agent)
    {
        if (agent.Keys.IsEmpty)
            return null;
        if (batch.Seal is not { } seal)
            return Refusals.Unsigned;
        if (agent.Keys.FirstOrDefault(key => key.Id == seal.KeyId) is not { } known)
            return Refusals.UnknownKey;
        if (!known.Signed(seal))
            return Refusals.Signature;
        // What it observed while its key stood may come late, and was its own.
        return known.RevokedAt is { } end && (batch.Events.Count == 0 || batch.Events.Any(e => e.Time >= end)) ? Refusals.RevokedKey : null;
    }
}

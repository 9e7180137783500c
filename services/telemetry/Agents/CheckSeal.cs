using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Agents;

// edge batch + keys of its agent -> Decide -> its word, or somebody else's
/// <summary>
/// Whether a batch is the word of the agent it names. Asked first of all: what is not counts as having come for nothing, so that no forger can use up a number of the chain.
/// </summary>
public static class CheckSeal
{
    /// <returns>Null when it is; else one of <see cref="Refusals"/>. <see cref="Refusals.UnknownKey"/> may be a key that is known a moment later.</returns>
    public static string? Decide(ReceivedBatch batch, Agent agent)
    {
        if (batch.Seal is not { } seal)
            return Refusals.Unsigned;
        if (!agent.Knows(seal.KeyId))
            return Refusals.UnknownKey;
        var known = agent.Keys.First(key => key.Id == seal.KeyId);
        if (!known.Signed(seal))
            return Refusals.Signature;
        // What it observed while its key stood may come late, and was its own.
        return known.RevokedAt is { } end && (batch.Events.Count == 0 || batch.Events.Any(e => e.Time >= end)) ? Refusals.RevokedKey : null;
    }
}

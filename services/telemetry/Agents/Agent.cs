using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Evidence;

namespace Fleet.Telemetry.Agents;

public abstract record AgentEvent
{
    /// <param name="Events">How many came.</param>
    /// <param name="Refused">Reason → how many were not kept; null when all were.</param>
    /// <param name="Sha256">Of the body.</param>
    /// <param name="Previous">Of the body before it, as its agent said.</param>
    /// <param name="KeyId">Of the key whose signature over it was checked; null where there was none to check.</param>
    /// <param name="Evidence">With which all of this can be checked again; null where nothing was signed.</param>
    public sealed record BatchAccepted(
        long Sequence, string Lane, int Events, IReadOnlyDictionary<string, int>? Refused, string Sha256, DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Previous = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? KeyId = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BatchEvidence? Evidence = null) : AgentEvent;

    /// <summary>The whole batch is not kept: what it was is named here, what it said is not.</summary>
    /// <param name="Size">Of the body in bytes.</param>
    /// <param name="Forged">True when it is not the agent's word: its number is still to come. Null otherwise.</param>
    public sealed record BatchRefused(long? Sequence, string Reason, string RoutingKey, string Sha256, int Size, DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Forged = null) : AgentEvent;

    /// <summary>A person let it in with this key: from now on its batches are signed with it.</summary>
    public sealed record KeyLearned(string KeyId, string X, string Y, DateTimeOffset At) : AgentEvent;

    public sealed record KeyRevoked(string KeyId, DateTimeOffset At) : AgentEvent;

    /// <summary>Batches <paramref name="From"/> to <paramref name="To"/> have not come, one after them has.</summary>
    public sealed record GapOpened(long From, long To, DateTimeOffset At) : AgentEvent;

    public sealed record GapFilled(long Sequence, DateTimeOffset At) : AgentEvent;

    /// <summary>The agent began to count anew (installed again, its state lost).</summary>
    public sealed record SequenceRestarted(long After, DateTimeOffset At) : AgentEvent;

    /// <summary>Its own counts since it began: accepted = sent + kept + refused.</summary>
    /// <param name="StandbyFor">The agent that reports from the site while this one waits.</param>
    public sealed record HealthReported(
        string Version, long UptimeSeconds, int Devices, long Accepted, long Sent, long Kept, long Refused, DateTimeOffset At,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StandbyFor = null) : AgentEvent;

    /// <summary>It should have spoken by now and did not.</summary>
    /// <param name="Cause">A name of <c>SilenceCause</c>: another agent of its site speaks, or none does.</param>
    public sealed record FellSilent(string Cause, DateTimeOffset LastHeardAt, DateTimeOffset At) : AgentEvent;

    public sealed record SpokeAgain(DateTimeOffset At) : AgentEvent;
}

/// <param name="Highest">Highest batch number seen, 0 before the first.</param>
/// <param name="Missing">Numbers below it that have not come, ascending.</param>
/// <param name="Last">SHA-256 of the body of the highest; null when that is not known.</param>
/// <param name="Keys">It was enrolled with, ever; none: nobody has let it in.</param>
/// <param name="HeardAt">When its last batch came, by the gate's clock.</param>
/// <param name="SilentSince">When it was called silent; null while it is heard.</param>
public sealed record Agent(
    long Highest, ImmutableList<Gap> Missing, string? Last, ImmutableList<AgentKey> Keys, DateTimeOffset? HeardAt = null, DateTimeOffset? SilentSince = null)
{
    public static readonly Agent Unheard = new(0, [], null, []);

    // Somebody who counts in twos must not grow this state for ever; the oldest gap is given up first.
    private const int MostGaps = 500;

    public static readonly StreamType<Agent, AgentEvent> Stream = new("agent", Unheard, Evolve)
    {
        Snapshot = true,
        Events =
        {
            ["batch_accepted"] = typeof(AgentEvent.BatchAccepted),
            ["batch_refused"] = typeof(AgentEvent.BatchRefused),
            ["gap_opened"] = typeof(AgentEvent.GapOpened),
            ["gap_filled"] = typeof(AgentEvent.GapFilled),
            ["sequence_restarted"] = typeof(AgentEvent.SequenceRestarted),
            ["health_reported"] = typeof(AgentEvent.HealthReported),
            ["agent_key_learned"] = typeof(AgentEvent.KeyLearned),
            ["agent_key_revoked"] = typeof(AgentEvent.KeyRevoked),
            ["agent_fell_silent"] = typeof(AgentEvent.FellSilent),
            ["agent_spoke_again"] = typeof(AgentEvent.SpokeAgain),
        },
    };

    public static string StreamKey(string agent) => $"agent/{agent}";

    public bool Knows(string key) => Keys.Any(known => known.Id == key && known.IsKnown);

    public bool Lacks(long sequence) => sequence > Highest || Missing.Any(gap => gap.Holds(sequence));

    /// <summary>Whether a batch follows the one before it and comes before the one behind it, as far as their hashes are known here.</summary>
    public bool Fits(long sequence, string sha256, string? previous)
    {
        if (sequence > Highest)
            return sequence > Highest + 1 || Last is null || previous == Last;
        return Missing.FirstOrDefault(gap => gap.Holds(sequence)) is not { } gap
            || ((sequence != gap.From || gap.Before is null || gap.Before == previous) && (sequence != gap.To || gap.After is null || gap.After == sha256));
    }

    public static Agent Evolve(Agent agent, AgentEvent e) => e switch
    {
        AgentEvent.BatchAccepted accepted => agent.With(accepted.Sequence, accepted.Sha256, accepted.Previous) with { HeardAt = accepted.At },
        AgentEvent.BatchRefused { Sequence: { } sequence, Forged: not true, Reason: not Refusals.SequenceReused } refused => agent.With(sequence, refused.Sha256, previous: null) with { HeardAt = refused.At },
        AgentEvent.BatchRefused => agent,
        AgentEvent.GapOpened gap => agent with { Missing = Bounded(agent.Missing.Add(new Gap(gap.From, gap.To, Before: agent.Last))) },
        AgentEvent.GapFilled filled => agent with { Missing = [.. agent.Missing.SelectMany(gap => gap.Without(filled.Sequence))] },
        AgentEvent.SequenceRestarted => Unheard with { Keys = agent.Keys, HeardAt = agent.HeardAt, SilentSince = agent.SilentSince },
        AgentEvent.HealthReported => agent,
        AgentEvent.FellSilent silent => agent with { SilentSince = silent.At },
        AgentEvent.SpokeAgain => agent with { SilentSince = null },
        AgentEvent.KeyLearned learned => agent.With(learned.KeyId, key => key with { X = learned.X, Y = learned.Y }),
        AgentEvent.KeyRevoked revoked => agent.With(revoked.KeyId, key => key with { RevokedAt = revoked.At }),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };

    private Agent With(string key, Func<AgentKey, AgentKey> change) => this with
    {
        Keys = [.. Keys.Where(known => known.Id != key), change(Keys.FirstOrDefault(known => known.Id == key) ?? new(key, null, null))],
    };

    // Its neighbours that have not come are held to it from both sides.
    private Agent With(long sequence, string sha256, string? previous) => this with
    {
        Highest = Math.Max(Highest, sequence),
        Last = sequence >= Highest ? sha256 : Last,
        Missing = [.. Missing.Select(gap =>
            gap.To == sequence - 1 ? gap with { After = previous }
            : gap.From == sequence + 1 ? gap with { Before = sha256 }
            : gap)],
    };

    private static ImmutableList<Gap> Bounded(ImmutableList<Gap> gaps) => gaps.Count > MostGaps ? gaps.RemoveAt(0) : gaps;
}

/// <summary>Batch numbers, both ends inclusive.</summary>
/// <param name="Before">SHA-256 of the body of the batch in front of them; null when not known.</param>
/// <param name="After">The one that the batch behind them names as its predecessor's; null when not known.</param>
public sealed record Gap(long From, long To, string? Before = null, string? After = null)
{
    public bool Holds(long sequence) => From <= sequence && sequence <= To;

    public IEnumerable<Gap> Without(long sequence)
    {
        if (!Holds(sequence))
            return [this];
        return new[] { new Gap(From, sequence - 1, Before), new Gap(sequence + 1, To, After: After) }.Where(gap => gap.From <= gap.To);
    }
}

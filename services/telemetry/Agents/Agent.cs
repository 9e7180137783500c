using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;

namespace Fleet.Telemetry.Agents;

public abstract record AgentEvent
{
    /// <param name="Events">How many came.</param>
    /// <param name="Refused">Reason → how many were not kept; null when all were.</param>
    /// <param name="Sha256">Of the body.</param>
    public sealed record BatchAccepted(
        long Sequence, string Lane, int Events, IReadOnlyDictionary<string, int>? Refused, string Sha256, DateTimeOffset At) : AgentEvent;

    /// <summary>The whole batch is not kept: what it was is named here, what it said is not.</summary>
    /// <param name="Size">Of the body in bytes.</param>
    public sealed record BatchRefused(long? Sequence, string Reason, string RoutingKey, string Sha256, int Size, DateTimeOffset At) : AgentEvent;

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
}

/// <param name="Highest">Highest batch number seen, 0 before the first.</param>
/// <param name="Missing">Numbers below it that have not come, ascending.</param>
public sealed record Agent(long Highest, ImmutableList<Gap> Missing)
{
    public static readonly Agent Unheard = new(0, []);

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
        },
    };

    public static string StreamKey(string agent) => $"agent/{agent}";

    public bool Lacks(long sequence) => sequence > Highest || Missing.Any(gap => gap.Holds(sequence));

    public static Agent Evolve(Agent agent, AgentEvent e) => e switch
    {
        AgentEvent.BatchAccepted accepted => agent with { Highest = Math.Max(agent.Highest, accepted.Sequence) },
        AgentEvent.BatchRefused refused => agent with { Highest = Math.Max(agent.Highest, refused.Sequence ?? 0) },
        AgentEvent.GapOpened gap => agent with { Missing = Bounded(agent.Missing.Add(new Gap(gap.From, gap.To))) },
        AgentEvent.GapFilled filled => agent with { Missing = [.. agent.Missing.SelectMany(gap => gap.Without(filled.Sequence))] },
        AgentEvent.SequenceRestarted => Unheard,
        AgentEvent.HealthReported => agent,
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };

    private static ImmutableList<Gap> Bounded(ImmutableList<Gap> gaps) => gaps.Count > MostGaps ? gaps.RemoveAt(0) : gaps;
}

/// <summary>Batch numbers, both ends inclusive.</summary>
public sealed record Gap(long From, long To)
{
    public bool Holds(long sequence) => From <= sequence && sequence <= To;

    public IEnumerable<Gap> Without(long sequence)
    {
        if (!Holds(sequence))
            return [this];
        return new[] { new Gap(From, sequence - 1), new Gap(sequence + 1, To) }.Where(gap => gap.From <= gap.To);
    }
}

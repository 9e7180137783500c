using System.Diagnostics;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Agent.Events;
using Fleet.Agent.Spooling;

namespace Fleet.Agent.Polling;

/// <summary>
/// Where visits become batches: load what was last said, decide what is new, keep it until <see cref="Flush"/> writes all of it at once.
/// One caller at a time.
/// </summary>
/// <param name="random">Fills a buffer with randomness for event ids.</param>
public sealed class Intake(AgentConfig config, Spool spool, TimeProvider clock, Action<byte[]> random, AgentLog log)
{
    private static readonly ActivitySource Tracing = new("Fleet.Agent");

    private readonly Dictionary<string, DeviceMemory> unsaved = [];
    private readonly List<(Fact Fact, DateTimeOffset At, Guid Id, string? GrantId)> facts = [];

    /// <summary>To be held for as long as the program runs: without somebody who listens no activity gets an id, and no batch a traceparent.</summary>
    public static ActivityListener Listen()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source == Tracing,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>Events that wait for <see cref="Flush"/>.</summary>
    public int Waiting => facts.Count;

    /// <param name="at">When the device was looked at.</param>
    /// <param name="grantId">The grant it was asked under.</param>
    public void Take(Observed observed, bool metersDue, DateTimeOffset at, string? grantId = null)
    {
        var known = unsaved.GetValueOrDefault(observed.Device.Key) ?? spool.Device(observed.Device.Key);
        Keep(known, KeepChanges.Decide(known, observed, metersDue, DateOnly.FromDateTime(at.UtcDateTime)), at, grantId);
    }

    /// <summary>A device that has answered before and no longer does; one that never did has no name to speak of.</summary>
    public void TakeSilence(string target, DateTimeOffset at, string? grantId = null)
    {
        var known = unsaved.Values.LastOrDefault(memory => memory.Target == target) ?? spool.DeviceAt(target);
        if (known is not null) Keep(known, KeepChanges.Silent(known), at, grantId);
    }

    public void Say(Fact fact, DateTimeOffset at, string? grantId = null) => facts.Add((fact, at, NewId(), grantId));

    /// <summary>Writes everything taken since the last time, events and memories together.</summary>
    public void Flush()
    {
        using var activity = Tracing.StartActivity("agent.batch", ActivityKind.Producer);
        activity?.SetTag("fleet.events", facts.Count);
        var entries = facts.Select(one => Entry.Of(one.Fact, one.Fact.At(one.At, one.Id, config.Source, config.Tenant, one.GrantId), activity?.Context ?? default)).ToList();
        var dropped = entries.Count == 0 && unsaved.Count == 0 ? [] : spool.Accept(entries, [.. unsaved.Values], clock.GetUtcNow());
        if (dropped.Count > 0) log.Error(Told(dropped));
        facts.Clear();
        unsaved.Clear();
    }

    private string Told(IReadOnlyList<Entry> dropped)
    {
        var types = dropped.GroupBy(entry => entry.Type).OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => $"{type.Count()} {type.Key}");
        return $"the spool has no room or they grew too old in it: dropped {string.Join(", ", types)}; {spool.Tally.Refused} since the beginning. Is the broker reachable?";
    }

    private void Keep(DeviceMemory? known, Kept kept, DateTimeOffset at, string? grantId)
    {
        foreach (var fact in kept.Facts) Say(fact, at, grantId);
        if (kept.Facts.Count > 0 || known?.Target != kept.Memory.Target) unsaved[kept.Memory.Key] = kept.Memory;
    }

    // The id sorts by when the event was made, which for a demo's history lies in the past.
    private Guid NewId()
    {
        var bytes = new byte[10];
        random(bytes);
        return EventId.At(clock.GetUtcNow(), bytes);
    }
}

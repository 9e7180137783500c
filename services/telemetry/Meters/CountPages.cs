using System.Globalization;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>What one reading is to the counts before it.</summary>
/// <param name="Ignored">Counters whose count of this reading is not counted on from.</param>
/// <param name="After">The counts with it.</param>
public sealed record Counting(IReadOnlyList<EpochStart> Starts, IReadOnlyList<string> Signs, IReadOnlyList<Mark> Marks, IReadOnlySet<string> Ignored, Counts After);

// counts so far + the next reading by observation -> Decide -> epochs that start with it, its quality, the counts after it
/// <summary>
/// Readings to pages: per counter the sum over its epochs of last less first, and what is bridged across a wrap. Only what is proven is counted: over any other edge, nothing.
/// Takes readings in the order of observation; <see cref="MeterHistory"/> sees to it that the order of arrival makes no difference.
/// </summary>
public static class CountPages
{
    // No profile knows its engines' speed yet. Faster than any cut-sheet printer we know; in impressions, scans and sheets alike.
    public const int PagesPerMinute = 300;

    /// <summary>By how much the clocks of two agents at one device may disagree; also the slack of every elapsed time.</summary>
    public static readonly TimeSpan Clocks = TimeSpan.FromMinutes(10);

    /// <summary>One reading a day is the least a device is asked for; half a day more is still no gap.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromHours(36);

    // A device has two dozen counters. Names beyond this bound are kept in the readings and not counted.
    private const int MostCounters = 64;

    private static readonly long[] Moduli = [1L << 31, 1L << 32];

    private enum Step { First, Same, Behind, AllOnes, Wrap, Fall, Jump, Source, Beyond }

    public static Counting Decide(Counts counts, Observation reading)
    {
        var signs = Signs(counts.Newest, reading);
        var steps = reading.Counters.DistinctBy(c => c.Name).Select(c => (Counter: c, Step: StepOf(counts, c, reading))).ToList();
        // A wrap is one counter's affair: when others fall with it, or board or device are others, it is no wrap.
        if (signs.Count > 0 || steps.Any(s => s.Step == Step.Fall))
            steps = [.. steps.Select(s => s.Step == Step.Wrap ? s with { Step = Step.Fall } : s)];
        if (steps.Count(s => s.Step is Step.Fall or Step.Jump) > 1)
            signs = [.. signs, "together"];

        EpochStart[] starts = [.. from s in steps where Starts(s.Step) select Start(s.Counter, s.Step, signs, counts, reading)];
        var ignored = steps.Where(s => s.Step is Step.Behind or Step.AllOnes or Step.Beyond).Select(s => s.Counter.Name).ToHashSet(StringComparer.Ordinal);
        return new(
            starts,
            starts.Any(s => s.Before is not null) ? signs : [],
            [.. GapOf(counts, reading), .. steps.SelectMany(s => MarkOf(s.Counter, s.Step, starts, counts))],
            ignored,
            counts.With(starts).With(reading, ignored));
    }

    private static Step StepOf(Counts counts, Counter counter, Observation reading)
    {
        if (counter.Value is int.MaxValue or uint.MaxValue)
            return Step.AllOnes;     // what a device says that does not know; of a true count the next reading carries the wrap
        if (!counts.Tails.TryGetValue(counter.Name, out var tail))
            return counts.Tails.Count < MostCounters ? Step.First : Step.Beyond;
        if (tail.Source != Tail.SourceOf(counter))
            return Step.Source;
        var last = counts.ReadOf(tail);
        var elapsed = reading.At - last.At;
        if (elapsed <= Clocks && last.Agent is { } one && reading.Agent is { } other && one != other && Behind(tail.Value, counter.Value))
            return Step.Behind;
        if (counter.Value >= tail.Value)
            return counter.Value - tail.Value > (CountsPages(counter) ? Printable(elapsed) : MostOfAnything) ? Step.Jump : Step.Same;
        return Wrapped(tail.Value, counter.Value, elapsed) is not null ? Step.Wrap : Step.Fall;
    }

    // Two agents read one device and their clocks disagree: the count of a moment ago, not a counter that fell. Also across a wrap.
    private static bool Behind(long last, long value) =>
        IsJustBehind(last - value) || Array.Exists(Moduli, modulus => last < modulus && value < modulus && IsJustBehind(last + modulus - value));

    private static bool IsJustBehind(long pages) => pages > 0 && pages <= Printable(TimeSpan.Zero);

    private static long? Wrapped(long last, long value, TimeSpan elapsed)
    {
        foreach (var modulus in Moduli)
            if (last < modulus && last >= modulus / 2 && modulus - last + value <= Printable(elapsed))
                return modulus - last + value;
        return null;
    }

    private static long Printable(TimeSpan elapsed) => (long)((elapsed + Clocks).TotalMinutes * PagesPerMinute);

    // prtMarkerCounterUnit also knows inches, characters and hours; an engine's speed says nothing of those.
    private const long MostOfAnything = 1L << 40;

    private static bool CountsPages(Counter counter) => counter.Unit is "impressions" or "sheets" or "unknown" or "other";

    private static List<string> Signs(LastReading? before, Observation reading)
    {
        var signs = new List<string>();
        if (before?.Serial is { } serial && reading.Serial is { } told && !string.Equals(serial, told, StringComparison.OrdinalIgnoreCase))
            signs.Add("serial");
        if (before?.Mac is { } mac && reading.Mac is { } now && !string.Equals(mac, now, StringComparison.OrdinalIgnoreCase))
            signs.Add("mac");
        return signs;
    }

    private static bool Starts(Step step) => step is Step.First or Step.Wrap or Step.Fall or Step.Jump or Step.Source;

    private static EpochStart Start(Counter counter, Step step, List<string> signs, Counts counts, Observation reading)
    {
        if (counts.Tails.GetValueOrDefault(counter.Name) is not { } tail)
            return new(counter.Name, EpochReason.First, counter.Value);
        var last = counts.ReadOf(tail);
        var elapsed = reading.At - last.At;
        return new(counter.Name, ReasonOf(step, counter.Value, signs, elapsed), counter.Value, new(last.Id, last.At, tail.Value),
            step == Step.Wrap ? Wrapped(tail.Value, counter.Value, elapsed) : null);
    }

    private static string ReasonOf(Step step, long value, List<string> signs, TimeSpan elapsed) => step switch
    {
        Step.Wrap => EpochReason.Wrap,
        Step.Source => EpochReason.Source,
        _ when signs.Contains("serial") => EpochReason.DeviceSwap,
        _ when signs.Contains("mac") => EpochReason.BoardSwap,
        Step.Fall when value <= Printable(elapsed) => EpochReason.Reset,
        _ when signs.Contains("together") => EpochReason.BoardSwap,
        Step.Fall => EpochReason.Decrease,
        _ => EpochReason.Jump,
    };

    private static IEnumerable<Mark> GapOf(Counts counts, Observation reading) =>
        counts.Newest is { } before && reading.At - before.At > Gap
            ? [new(null, Quality.Gap, Text($"{(reading.At - before.At).TotalHours:0} hours since the reading before"))]
            : [];

    private static IEnumerable<Mark> MarkOf(Counter counter, Step step, EpochStart[] starts, Counts counts)
    {
        var name = counter.Name;
        var start = Array.Find(starts, s => s.Counter == name);
        return step switch
        {
            Step.Wrap => [new(name, Quality.Wrap, Text($"ran over after {start!.Before!.Value}: {start.Bridged} pages"))],
            Step.Fall => [new(name, Quality.Decrease, Text($"{start!.Reason}: was {start.Before!.Value} before; no pages are proven in between"))],
            Step.Jump => [new(name, Quality.Implausible, Text($"{start!.Reason}: {counter.Value - start.Before!.Value} more than before, faster than {PagesPerMinute} a minute; not counted"))],
            Step.Source => [new(name, Quality.Source, "read from another object than before; the two counts are not comparable")],
            Step.Behind => [new(name, Quality.Decrease, Text($"another agent has read {counts.Tails[name].Value} a moment before; their clocks disagree"))],
            Step.AllOnes => [new(name, Quality.Implausible, "all ones: what a device says that does not know; not counted")],
            Step.Beyond => [new(name, Quality.Implausible, Text($"more than {MostCounters} counters; not counted"))],
            _ => [],
        };
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Text.Json.Serialization;

namespace Fleet.Billing.Meters;

/// <summary>Why a counter began to count anew.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EpochStart>))]
public enum EpochStart
{
    /// <summary>The first reading of all: what was counted before is nobody's here.</summary>
    [JsonStringEnumMemberName("first")] First,

    /// <summary>The counter ran over at 2^31 or 2^32; the pages over the edge are known.</summary>
    [JsonStringEnumMemberName("wrap")] Wrap,

    /// <summary>The counter fell for another reason (new board, reset, other device): pages over the edge are not proven, so they are 0.</summary>
    [JsonStringEnumMemberName("reset")] Reset,
}

/// <summary>A span of a meter within which it only grows, with the evidence of its beginning.</summary>
/// <param name="Before">Last reading of the epoch before; null for the first.</param>
/// <param name="Base">The value it counts from: the first reading's own, or, after a wrap, the reading before less the modulus.</param>
public sealed record Epoch(EpochStart StartedBy, Reading? Before, long Base, Reading First, Reading Last)
{
    public long Pages => Last.Value - Base;
}

/// <summary>Readings to pages. Everything here wants readings in the order they were observed.</summary>
public static class Epochs
{
    // Faster than any printer we know. A wrap that would need more pages a minute than this is a reset.
    private const int PagesPerMinute = 300;

    private static readonly long[] Moduli = [1L << 31, 1L << 32];

    /// <summary>Epochs are derived, never stored: a late reading falls into its place and the epochs follow from what is known.</summary>
    public static IReadOnlyList<Epoch> Of(IReadOnlyList<Reading> readings)
    {
        var epochs = new List<Epoch>();
        foreach (var reading in readings)
            if (epochs.Count == 0)
                epochs.Add(new(EpochStart.First, null, reading.Value, reading, reading));
            else if (reading.Value >= epochs[^1].Last.Value)
                epochs[^1] = epochs[^1] with { Last = reading };
            else
                epochs.Add(Begin(epochs[^1].Last, reading));
        return epochs;
    }

    /// <summary>Pages from one reading to a later one, through all between; never negative.</summary>
    public static long Pages(IReadOnlyList<Reading> readings, DateTimeOffset from, DateTimeOffset to) =>
        Of([.. readings.Where(r => r.ObservedAt >= from && r.ObservedAt <= to)]).Sum(epoch => epoch.Pages);

    private static Epoch Begin(Reading before, Reading after) =>
        Wrapped(before, after) is { } modulus
            ? new(EpochStart.Wrap, before, before.Value - modulus, after, after)
            : new(EpochStart.Reset, before, after.Value, after, after);

    private static long? Wrapped(Reading before, Reading after)
    {
        var minutes = Math.Max(1, (long)Math.Ceiling((after.ObservedAt - before.ObservedAt).TotalMinutes));
        foreach (var modulus in Moduli)
            if (before.Value < modulus && modulus - before.Value + after.Value <= minutes * PagesPerMinute)
                return modulus;
        return null;
    }
}

using System.Text.Json.Serialization;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>What is decided of a device's counters, in its own stream.</summary>
public abstract record MeterEvent : DeviceEvent
{
    /// <summary>With this reading some counters began to count anew. Stands in the stream in front of its reading.</summary>
    /// <param name="Signs">What else was another than in the reading before: <c>serial</c>, <c>mac</c>; and <c>together</c> when several counters broke at once.</param>
    public sealed record EpochsStarted(
        Guid ReadingId, DateTimeOffset At, IReadOnlyList<EpochStart> Starts,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Signs = null) : MeterEvent;

    /// <summary>
    /// A late reading or a correction put the history in another light. Says what is now so of everything that changed by it; what was said before stays in the stream.
    /// </summary>
    /// <param name="Because">The reading that came late or was corrected.</param>
    /// <param name="After">The counts at the end of the history as it is now known.</param>
    /// <param name="Epochs">Per reading, which epochs it starts now; none: it starts none any more.</param>
    /// <param name="Marks">Per reading, all its marks as they are now.</param>
    /// <param name="Days">Days whose closing counts changed, each whole.</param>
    public sealed record Restated(
        Guid Because, Counts After, IReadOnlyList<EpochsStarted> Epochs, IReadOnlyList<Rejudged> Marks, IReadOnlyList<DayClosing> Days, DateTimeOffset At) : MeterEvent;

    /// <summary>A person said that a reading is not to be counted, or what it should have said. The reading itself stays as it is.</summary>
    /// <param name="ObservedAt">The reading's.</param>
    /// <param name="Counter">Null: all of the reading.</param>
    /// <param name="Kind"><c>excluded</c>, <c>asserted</c>, or <c>restored</c>: as it was read.</param>
    /// <param name="Value">What it should have said; of <c>asserted</c> only.</param>
    /// <param name="By">The token's subject.</param>
    public sealed record ReadingCorrected(
        Guid ReadingId, DateTimeOffset ObservedAt, string? Counter, string Kind, long? Value, string Why, string By, DateTimeOffset At) : MeterEvent;
}

/// <summary>A counter's epoch begins: within one it only grows.</summary>
/// <param name="Reason">One of <see cref="EpochReason"/>.</param>
/// <param name="Value">Count of the first reading of the epoch.</param>
/// <param name="Before">The last count of the epoch before; null for the first.</param>
/// <param name="Bridged">Pages known to lie between the two; null: none are proven.</param>
public sealed record EpochStart(
    string Counter, string Reason, long Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ReadCount? Before = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Bridged = null);

/// <summary>A count with the reading it stands in.</summary>
public sealed record ReadCount(Guid ReadingId, DateTimeOffset At, long Value);

/// <summary>Why a counter began to count anew. A closed list: these are stored and shown.</summary>
public static class EpochReason
{
    public const string
        First = "first",                // what was counted before is nobody's here
        Wrap = "wrap",                  // ran over at 2^31 or 2^32: the pages over the edge are known
        Reset = "reset",                // fell to what can have been printed since: counts from zero again
        BoardSwap = "board-swap",       // counts of another board: another MAC, or several counters at once and not from zero
        DeviceSwap = "device-swap",     // another serial number under the same identity
        Decrease = "decrease",          // fell, and nothing says why
        Jump = "jump",                  // rose by more than an engine prints
        Source = "source";              // read from another object than before: the two are not comparable
}

/// <summary>What there is to say of a reading's quality. A reading without marks is <c>good</c>.</summary>
/// <param name="Counter">Null: of the whole reading.</param>
/// <param name="Quality">One of <see cref="Quality"/>.</param>
/// <param name="Reason">In words, for people.</param>
public sealed record Mark(string? Counter, string Quality, string Reason);

/// <summary>A closed list, the weightiest first.</summary>
public static class Quality
{
    public const string
        Excluded = "excluded", Asserted = "asserted", Implausible = "implausible", Decrease = "decrease", Source = "source",
        Skewed = "skewed", Gap = "gap", Wrap = "wrap", Late = "late", Good = "good";

    private static readonly string[] ByWeight = [Excluded, Asserted, Implausible, Decrease, Source, Skewed, Gap, Wrap, Late, Good];

    public static string Worst(IEnumerable<string> qualities) => qualities.Append(Good).MinBy(q => Array.IndexOf(ByWeight, q))!;
}

/// <summary>All marks of a reading, anew.</summary>
public sealed record Rejudged(Guid ReadingId, DateTimeOffset At, IReadOnlyList<Mark> Marks);

/// <summary>The last count of each counter on a day (UTC).</summary>
public sealed record DayClosing(DateOnly Day, IReadOnlyDictionary<string, long> Counts);

using Fleet.Defaults;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>What a person says of a reading.</summary>
/// <param name="Kind"><c>excluded</c>: it is not to be counted; <c>asserted</c>: it should have said <paramref name="Value"/>; <c>restored</c>: it counts as it was read.</param>
/// <param name="Counter">Null: all of the reading; needed with <c>asserted</c>.</param>
/// <param name="Value">With <c>asserted</c> only.</param>
/// <param name="Why">For whoever asks later; at most 500 characters.</param>
public sealed record CorrectionWanted(string Kind, string Why, string? Counter = null, long? Value = null);

// POST …/readings/{readingId}/corrections -> Decide -> stream device/{id} -> ReadingJudgements, CounterEpochs, DailyMeters
public static class CorrectReading
{
    private const int LongestWhy = 500;

    /// <summary>The reading itself is never changed; what follows from the correction for others is said with it. The same word again says nothing.</summary>
    public static Decision<DeviceEvent> Decide(Guid readingId, CorrectionWanted wanted, string by, DateTimeOffset now, MeterHistory history)
    {
        if (history.Find(readingId) is not { } reading)
            return Refusal.Unknown("unknown-reading", $"This device has no reading '{readingId}'.");
        if (RefusalOf(wanted, reading) is { } refusal)
            return refusal;
        var standing = history.Correction(readingId, wanted.Counter);
        if (standing is null ? wanted.Kind == CorrectionKind.Restored : (standing.Kind, standing.Value) == (wanted.Kind, wanted.Value))
            return Decision<DeviceEvent>.Nothing;

        var corrected = new MeterEvent.ReadingCorrected(readingId, reading.At, wanted.Counter, wanted.Kind, wanted.Value, wanted.Why.Trim(), by, now);
        return new([corrected, .. RestateCounters.Decide(history.Count(), history.With(corrected).Count(), readingId, now)]);
    }

    private static Refusal? RefusalOf(CorrectionWanted wanted, Observation reading) => wanted switch
    {
        { Kind: not (CorrectionKind.Excluded or CorrectionKind.Asserted or CorrectionKind.Restored) } =>
            Refusal.Invalid("correction-kind", "A reading is 'excluded', 'asserted' or 'restored'."),
        { Why: null } or { Why.Length: > LongestWhy } => Refusal.Invalid("correction-why", $"Say why, in at most {LongestWhy} characters."),
        _ when string.IsNullOrWhiteSpace(wanted.Why) || wanted.Why.Contains('\0', StringComparison.Ordinal) => Refusal.Invalid("correction-why", "Say why."),
        { Counter: { } counter } when reading.Counters.All(c => c.Name != counter) => Refusal.Invalid("unknown-counter", $"The reading does not tell '{counter}'."),
        { Kind: CorrectionKind.Asserted } when wanted is not { Counter: not null, Value: >= 0 } =>
            Refusal.Invalid("correction-value", "What is asserted is a counter and a value that is not negative."),
        { Kind: not CorrectionKind.Asserted, Value: not null } => Refusal.Invalid("correction-value", "Only an asserted reading has a value."),
        _ => null,
    };
}

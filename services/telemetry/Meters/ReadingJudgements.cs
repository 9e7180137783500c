using Fleet.EventStore;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>What a person said of a reading; later words of the same counter stand before earlier ones.</summary>
/// <param name="Counter">Null: all of the reading.</param>
/// <param name="Kind"><c>excluded</c>, <c>asserted</c> or <c>restored</c>.</param>
/// <param name="Value">What it should have said; of <c>asserted</c> only.</param>
/// <param name="By">The token's subject.</param>
public sealed record Correction(string? Counter, string Kind, long? Value, string Why, string By, DateTimeOffset At);

/// <summary>A reading that is judged otherwise than when it came.</summary>
/// <param name="Marks">All its marks as they are now; null: as when it came.</param>
public sealed record ReadingJudgement(string DeviceId, DateTimeOffset ObservedAt, IReadOnlyList<Mark>? Marks, IReadOnlyList<Correction> Corrections);

/// <summary>One row per reading that was corrected or put in another light by a late one; keys as of <see cref="Key"/>.</summary>
public static class ReadingJudgements
{
    public static readonly View<ReadingJudgement> View = new("reading_judgements", version: 1, KeysOf, Evolve);

    public static string Key(string device, DateTimeOffset at, Guid reading) => $"{device}/{Readings.Moment(at)}/{reading:N}";

    private static IEnumerable<string> KeysOf(IEvent e) => e.Data switch
    {
        MeterEvent.Restated restated => restated.Marks.Select(m => Key(Device.IdOf(e), m.At, m.ReadingId)),
        MeterEvent.ReadingCorrected corrected => [Key(Device.IdOf(e), corrected.ObservedAt, corrected.ReadingId)],
        _ => [],
    };

    public static ReadingJudgement? Evolve(ReadingJudgement? row, IEvent e, string key) => e.Data switch
    {
        MeterEvent.Restated restated when restated.Marks.Single(m => Key(Device.IdOf(e), m.At, m.ReadingId) == key) is var now =>
            (row ?? new(Device.IdOf(e), now.At, null, [])) with { Marks = now.Marks },
        MeterEvent.ReadingCorrected c when (row ?? new(Device.IdOf(e), c.ObservedAt, null, [])) is var known =>
            known with { Corrections = [.. known.Corrections, new(c.Counter, c.Kind, c.Value, c.Why, c.By, c.At)] },
        _ => row,
    };
}

using System.Collections.Immutable;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>All readings of a device with what persons said of them: loaded only when a late reading or a correction must find its place.</summary>
public sealed class MeterHistory
{
    private readonly ImmutableSortedSet<Observation> _readings;
    private readonly ImmutableDictionary<(Guid Reading, string? Counter), MeterEvent.ReadingCorrected> _corrections;
    private HistoryCount? _count;

    private MeterHistory(ImmutableSortedSet<Observation> readings, ImmutableDictionary<(Guid, string?), MeterEvent.ReadingCorrected> corrections) =>
        (_readings, _corrections) = (readings, corrections);

    public static readonly MeterHistory Empty = new(ImmutableSortedSet.Create<Observation>(ObservationOrder.Instance), ImmutableDictionary<(Guid, string?), MeterEvent.ReadingCorrected>.Empty);

    /// <summary>The stored names of the events it is made of.</summary>
    public static readonly IReadOnlyList<string> EventTypes = ["meter_read", "reading_corrected"];

    public static MeterHistory Of(IEnumerable<IEvent> events) => Empty.With(events.Select(e => (e.Id, e.Data)));

    public MeterHistory With(IEnumerable<(Guid Id, object Data)> events)
    {
        var (readings, corrections) = (_readings.ToBuilder(), _corrections.ToBuilder());
        foreach (var (id, data) in events)
            if (data is DeviceEvent.MeterRead read)
                readings.Add(Observation.Of(id, read));
            else if (data is MeterEvent.ReadingCorrected corrected)
                corrections[(corrected.ReadingId, corrected.Counter)] = corrected;
        return new(readings.ToImmutable(), corrections.ToImmutable());
    }

    public MeterHistory With(Observation reading) => new(_readings.Add(reading), _corrections);

    public MeterHistory With(MeterEvent.ReadingCorrected correction) =>
        new(_readings, _corrections.SetItem((correction.ReadingId, correction.Counter), correction));

    public Observation? Find(Guid reading) => _readings.FirstOrDefault(r => r.Id == reading);

    public MeterEvent.ReadingCorrected? Correction(Guid reading, string? counter) => _corrections.GetValueOrDefault((reading, counter));

    /// <summary>Everything counted from the first reading to the last. Whoever has the same readings and corrections has the same count, in whatever order they came.</summary>
    public HistoryCount Count()
    {
        if (_count is not null)
            return _count;
        var (counts, judged, days) = (Counts.None, new Dictionary<Guid, Judged>(_readings.Count), new SortedDictionary<DateOnly, SortedDictionary<string, long>>());
        foreach (var reading in _readings)
        {
            var (seen, said) = Corrected(reading);
            var counting = CountPages.Decide(counts, seen);
            counts = counting.After;
            judged[reading.Id] = new(reading, counting, [.. said, .. counting.Marks]);
            foreach (var counter in seen.Counters.Where(c => !counting.Ignored.Contains(c.Name)))
                Day(days, reading.At)[counter.Name] = counter.Value;
        }
        return _count = new(counts, judged, days);
    }

    private static SortedDictionary<string, long> Day(SortedDictionary<DateOnly, SortedDictionary<string, long>> days, DateTimeOffset at)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        return days.TryGetValue(day, out var counts) ? counts : days[day] = new(StringComparer.Ordinal);
    }

    // A word about one counter stands before a word about the whole reading, whichever came first.
    private (Observation Seen, IReadOnlyList<Mark> Said) Corrected(Observation reading)
    {
        if (_corrections.IsEmpty)
            return (reading, []);
        var (counters, said) = (new List<Counter>(), new List<Mark>());
        foreach (var counter in reading.Counters)
            switch (Correction(reading.Id, counter.Name) ?? Correction(reading.Id, null))
            {
                case { Kind: CorrectionKind.Excluded } excluded:
                    said.Add(new(counter.Name, Quality.Excluded, excluded.Why));
                    break;
                case { Kind: CorrectionKind.Asserted, Value: { } value } asserted:
                    counters.Add(counter with { Value = value });
                    said.Add(new(counter.Name, Quality.Asserted, asserted.Why));
                    break;
                default:
                    counters.Add(counter);
                    break;
            }
        return said.Count == 0 ? (reading, []) : (reading with { Counters = counters }, said);
    }
}

/// <param name="Reading">As it was read.</param>
/// <param name="Marks">What persons said of it, then what the counting says.</param>
public sealed record Judged(Observation Reading, Counting Counting, IReadOnlyList<Mark> Marks);

/// <summary>A history, counted.</summary>
/// <param name="Days">Per day (UTC) the last count of each counter.</param>
public sealed record HistoryCount(
    Counts After, IReadOnlyDictionary<Guid, Judged> Readings, IReadOnlyDictionary<DateOnly, SortedDictionary<string, long>> Days);

/// <summary>A closed list: these are stored.</summary>
public static class CorrectionKind
{
    public const string Excluded = "excluded", Asserted = "asserted", Restored = "restored";
}

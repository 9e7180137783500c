namespace Fleet.Telemetry.Meters;

/// <summary>One counter on one day.</summary>
/// <param name="Closing">Its last count of the day.</param>
/// <param name="Pages">Counted since the last closing before; over an edge that proves nothing, none.</param>
/// <param name="Epoch">It is in at the end of the day, from 1.</param>
/// <param name="Quality"><c>good</c>, or the weightiest of <c>excluded</c>, <c>asserted</c>, <c>implausible</c>, <c>decrease</c>, <c>source</c>, <c>gap</c> (pages of more than one day) and <c>wrap</c>.</param>
public sealed record CounterDay(string Counter, long Closing, long Pages, int Epoch, string Quality);

/// <summary>What a device counted on one day.</summary>
public sealed record MeterDay(DateOnly Day, IReadOnlyList<CounterDay> Counters);

// closing counts + epochs -> Decide -> pages a day
/// <summary>The pages of all days together are the pages of all epochs together: what one day does not count another does.</summary>
public static class CountDays
{
    /// <param name="closings">From the first day on, in order.</param>
    /// <param name="epochs">Of all counters.</param>
    /// <param name="corrected">Which days persons spoke of, and how.</param>
    public static IReadOnlyList<MeterDay> Decide(
        IEnumerable<(DateOnly Day, IReadOnlyDictionary<string, long> Counts)> closings, IReadOnlyList<CounterEpoch> epochs, ILookup<DateOnly, Correction> corrected)
    {
        var (days, last) = (new List<MeterDay>(), new Dictionary<string, (DateOnly Day, long Value)>());
        var starts = epochs.GroupBy(e => e.Counter).ToDictionary(c => c.Key, c => new Queue<CounterEpoch>(c.OrderBy(e => e.Epoch)));
        var current = new Dictionary<string, int>();
        foreach (var (day, counts) in closings)
        {
            var counters = new List<CounterDay>();
            foreach (var (name, closing) in counts)
            {
                var (from, pages) = (last.TryGetValue(name, out var before) ? before.Value : closing, 0L);
                var qualities = new List<string>();
                while (starts.TryGetValue(name, out var queue) && queue.TryPeek(out var epoch) && DateOnly.FromDateTime(epoch.StartedAt.UtcDateTime) <= day)
                {
                    pages += (epoch.Before is { } edge ? edge.Value - from : 0) + epoch.Bridged;
                    (from, current[name]) = (epoch.Value, epoch.Epoch);
                    qualities.Add(QualityOf(epoch.Reason));
                    queue.Dequeue();
                }
                pages += closing - from;
                if (before != default && before.Day < day.AddDays(-1))
                    qualities.Add(Quality.Gap);
                qualities.AddRange(corrected[day].Where(c => c.Counter is null || c.Counter == name).Select(c => c.Kind).Where(kind => kind != CorrectionKind.Restored));
                counters.Add(new(name, closing, pages, current.GetValueOrDefault(name, 1), Quality.Worst(qualities)));
                last[name] = (day, closing);
            }
            days.Add(new(day, counters));
        }
        return days;
    }

    private static string QualityOf(string reason) => reason switch
    {
        EpochReason.First => Quality.Good,
        EpochReason.Wrap => Quality.Wrap,
        EpochReason.Jump => Quality.Implausible,
        EpochReason.Source => Quality.Source,
        _ => Quality.Decrease,
    };
}

namespace Fleet.Telemetry.Meters;

// history as it was counted, history as it is counted now -> Decide -> what of it is another, or nothing
public static class RestateCounters
{
    /// <param name="because">The reading that is new in the history, or was corrected. Its own marks stand in it, unless it was here before.</param>
    public static IReadOnlyList<MeterEvent> Decide(HistoryCount before, HistoryCount after, Guid because, DateTimeOffset at)
    {
        MeterEvent.EpochsStarted[] epochs =
        [
            .. from reading in after.Readings.Values
               let was = before.Readings.GetValueOrDefault(reading.Reading.Id)
               where was is null ? reading.Counting.Starts.Count > 0 : !was.Counting.Starts.SequenceEqual(reading.Counting.Starts)
               orderby reading.Reading.At
               select Started(reading),
        ];
        Rejudged[] marks =
        [
            .. from reading in after.Readings.Values
               let was = before.Readings.GetValueOrDefault(reading.Reading.Id)
               where was is not null && !was.Marks.SequenceEqual(reading.Marks)
               orderby reading.Reading.At
               select new Rejudged(reading.Reading.Id, reading.Reading.At, reading.Marks),
        ];
        DayClosing[] days =
        [
            .. from day in after.Days.Keys.Union(before.Days.Keys).Order()
               let now = after.Days.GetValueOrDefault(day) ?? []
               where before.Days.GetValueOrDefault(day) is not { } was || !was.SequenceEqual(now)
               select new DayClosing(day, now),
        ];
        return epochs.Length + marks.Length + days.Length == 0 && before.After.Same(after.After)
            ? []
            : [new MeterEvent.Restated(because, after.After, epochs, marks, days, at)];
    }

    public static MeterEvent.EpochsStarted Started(Judged reading) => Started(reading.Reading, reading.Counting);

    public static MeterEvent.EpochsStarted Started(Observation reading, Counting counting) =>
        new(reading.Id, reading.At, counting.Starts, counting.Signs.Count == 0 ? null : counting.Signs);
}

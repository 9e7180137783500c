using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <summary>One reading as the counting sees it: what was counted, when, and by whom it was read.</summary>
/// <param name="Agent">Site and name of the agent that read; null in readings from before this was kept.</param>
/// <param name="Serial">As told with the reading; null when it was not.</param>
/// <param name="Mac">As told with the reading; null when it was not.</param>
public sealed record Observation(Guid Id, DateTimeOffset At, string? Agent, string? Serial, string? Mac, IReadOnlyList<Counter> Counters)
{
    public static Observation Of(Guid id, DeviceEvent.MeterRead read) => new(id, read.ObservedAt, read.Agent, read.Serial, read.Mac, read.Counters);

    public LastReading Mark => new(Id, At, Agent, Serial, Mac);
}

/// <summary>The order in which readings are counted, whatever order they came in: as observed; of one moment the lower counts first.</summary>
public sealed class ObservationOrder : IComparer<Observation>
{
    public static readonly ObservationOrder Instance = new();

    public int Compare(Observation? x, Observation? y) => (x, y) switch
    {
        ({ } a, { } b) when a.At != b.At => a.At.CompareTo(b.At),
        ({ } a, { } b) when Sum(a) != Sum(b) => Sum(a).CompareTo(Sum(b)),
        ({ } a, { } b) => a.Id.CompareTo(b.Id),
        _ => throw new ArgumentNullException(nameof(x)),
    };

    private static decimal Sum(Observation reading) => reading.Counters.Sum(c => (decimal)c.Value);
}

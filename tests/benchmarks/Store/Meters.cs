using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Benchmarks.Store;

/// <summary>A device's stream with events of 150 bytes of JSON, and its read model.</summary>
public abstract record MeterEvent
{
    public sealed record MeterRead(string Device, string Counter, long Value, DateTimeOffset At, string Unit, string Profile) : MeterEvent;
}

public sealed record Meter(long Value)
{
    public static Meter Evolve(Meter meter, MeterEvent e) => e switch
    {
        MeterEvent.MeterRead read => new Meter(read.Value),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

public abstract record LevelEvent
{
    public sealed record LevelRead(string Device, string Supply, int Percent, DateTimeOffset At, string Unit, string Profile) : LevelEvent;
}

public sealed record Level(int Percent);

/// <summary>What a list of devices shows.</summary>
public sealed record DeviceRow(string Device, string Profile, long Total, long Readings, DateTimeOffset LastReadAt);

public static class Meters
{
    public static readonly StreamType<Meter, MeterEvent> Stream = new("meter", new Meter(0), Meter.Evolve)
    {
        Events = { ["meter_read"] = typeof(MeterEvent.MeterRead) },
    };

    /// <summary>The same, with its state kept beside the stream: what a consumer that decides per device reads.</summary>
    public static readonly StreamType<Level, LevelEvent> Levels = new("level", new Level(0), (_, e) => e switch
    {
        LevelEvent.LevelRead read => new Level(read.Percent),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    })
    {
        Events = { ["level_read"] = typeof(LevelEvent.LevelRead) },
        Snapshot = true,
    };

    public static readonly View<DeviceRow> Devices = new("devices", 1, e => e.Data is MeterEvent ? [e.StreamKey] : [], (row, e, _) => e.Data switch
    {
        MeterEvent.MeterRead read => new DeviceRow(read.Device, read.Profile, read.Value, (row?.Readings ?? 0) + 1, read.At),
        _ => row, // levels are no part of it
    })
    {
        Indexes = ["profile"],
    };

    public static string Key(int device) => $"device/{device:D5}";

    public static MeterEvent.MeterRead Read(int device, long value, DateTimeOffset at) =>
        new($"dev-{device:D5}", "total", 1_000_000 + value, at, "impressions", "kyocera-taskalfa-2554ci@7");
}

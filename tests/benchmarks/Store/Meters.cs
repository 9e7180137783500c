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

/// <summary>What a list of devices shows.</summary>
public sealed record DeviceRow(string Device, string Profile, long Total, long Readings, DateTimeOffset LastReadAt);

public static class Meters
{
    public static readonly StreamType<Meter, MeterEvent> Stream = new("meter", new Meter(0), Meter.Evolve)
    {
        Events = { ["meter_read"] = typeof(MeterEvent.MeterRead) },
    };

    public static readonly View<DeviceRow> Devices = new("devices", 1, e => [e.StreamKey], (row, e, _) => e.Data switch
    {
        MeterEvent.MeterRead read => new DeviceRow(read.Device, read.Profile, read.Value, (row?.Readings ?? 0) + 1, read.At),
        _ => row,
    })
    {
        Indexes = ["profile"],
    };

    public static string Key(int device) => $"device/{device:D5}";

    public static MeterEvent.MeterRead Read(int device, long value, DateTimeOffset at) =>
        new($"dev-{device:D5}", "total", 1_000_000 + value, at, "impressions", "kyocera-taskalfa-2554ci@7");
}

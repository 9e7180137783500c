// stream meter/{device}/{counter} -> MeterReadings, Meters: what a close reads; inline, so that it decides on all that is known
using System.Globalization;
using Fleet.EventStore;

namespace Fleet.Billing.Meters;

/// <param name="ObservedAt">For ranges; PostgreSQL keeps microseconds, <paramref name="Reading"/> has it exactly.</param>
public sealed record MeterReadingRow(string DeviceId, string Counter, DateTimeOffset ObservedAt, Reading Reading);

/// <summary>Every reading of every meter, once.</summary>
public static class MeterReadings
{
    public static readonly View<MeterReadingRow> View = new("meter_readings", 1,
        keys: e => e.Data is MeterEvent.MeterRead read ? [Key(read.DeviceId, read.Counter, read.Reading.ObservedAt)] : [],
        evolve: (_, e, _) => e.Data is MeterEvent.MeterRead read ? new(read.DeviceId, read.Counter, read.Reading.ObservedAt, read.Reading) : null)
    {
        Lifecycle = ViewLifecycle.Inline,
        AppendOnly = true,
        Indexes = ["counter, observed_at"],
    };

    public static string Key(string device, string counter, DateTimeOffset observedAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{device}/{counter}/{observedAt.UtcTicks}");
}

public sealed record MeterRow(string DeviceId, string Counter, DateTimeOffset FirstHeard);

/// <summary>Which counters a tenant's devices have.</summary>
public static class Meters
{
    public static readonly View<MeterRow> View = new("meters", 1,
        keys: e => e is { Version: 1, Data: MeterEvent.MeterRead read } ? [Meter.Key(read.DeviceId, read.Counter)] : [],
        evolve: (_, e, _) => e.Data is MeterEvent.MeterRead read ? new(read.DeviceId, read.Counter, read.Reading.ObservedAt) : null)
    {
        Lifecycle = ViewLifecycle.Inline,
        AppendOnly = true,
    };
}

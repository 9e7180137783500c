using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Tests;

/// <summary>One of each thing an agent may say.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    public static readonly ProfileRef Kyocera = new("kyocera", 3);
    public static readonly DeviceRef P2040 = new("k1", "Kyocera", "VXA1234567");

    public static DeviceSeen Seen(DeviceRef? device = null, string? model = "ECOSYS P2040dn", string? location = null) =>
        new(device ?? P2040, Kyocera, model, "1.3.6.1.4.1.1347.41", Location: location);

    public static MeterRead Meter(long total, DeviceRef? device = null) => new(device ?? P2040, Kyocera,
    [
        new CounterRead("total", total, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1"),
        new CounterRead("life", total + 90, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1"),
    ]);

    public static SuppliesRead Toner(long level, DeviceRef? device = null) => new(device ?? P2040, Kyocera,
    [
        new SupplyRead("1.1", "TK-1170", "toner", "consumed", "black", "impressions", "measured", level, 7200, decimal.Round(level * 100m / 7200, 1)),
        new SupplyRead("1.2", "Waste Toner Box", "wasteToner", "receptacle", null, "other", "some-remaining"),
    ]);

    public static StatusChanged Status(string status = "running", params string[] errors) => new(P2040, status, "idle", errors);

    public static AlertRaised Raised(string index = "1.17", int code = 1104) =>
        new(P2040, index, "warning", "markerSupplies", 1, code, "Toner low");

    public static AlertCleared Cleared(string index = "1.17", int code = 1104) => new(P2040, index, code);

    public static AgentHealth Health() => new("0.1.0", 3600, 24, 1000, 990, 10, 0, new(Noon, 65_534, 31, 24, [new("network", 6), new("ups", 1)], 1, 1, 0), StandbyFor: "acme-hq-2");

    public static IEnumerable<(string Type, object Data)> All =>
    [
        (EdgeEventTypes.DeviceSeen, new DeviceSeen(
            new DeviceRef("k1", "Kyocera", "VXA1234567", "00:17:c8:0a:0b:0c", "192.0.2.17"), Kyocera, "ECOSYS P2040dn", "1.3.6.1.4.1.1347.41",
            "printer-3", "Second floor", "2S1_2000.005.012")),
        (EdgeEventTypes.MeterRead, Meter(7342)),
        (EdgeEventTypes.SuppliesRead, Toner(3600)),
        (EdgeEventTypes.StatusChanged, Status("warning", "lowToner") with { OpenAlerts = [new("1.17", 1104)] }),
        (EdgeEventTypes.AlertRaised, Raised()),
        (EdgeEventTypes.AlertCleared, Cleared()),
        (EdgeEventTypes.AgentHealth, Health()),
    ];
}

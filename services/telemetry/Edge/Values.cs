using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Edge;

/// <summary>What the contract promises of values beyond their JSON type.</summary>
public static class Values
{
    // A slot is part of a key; an index entry of PostgreSQL holds 2,700 bytes and a projection would stop at a longer one.
    private const int LongestIndex = 64;

    private static readonly string[] Classes = ["consumed", "receptacle", "other"];
    private static readonly string[] DeviceStatuses = ["unknown", "running", "warning", "testing", "down", "unreachable"];
    private static readonly string[] PrinterStatuses = ["other", "unknown", "idle", "printing", "warmup"];

    public static bool CanBe(object data) => data switch
    {
        DeviceSeen seen => Named(seen.Device) && Can(seen.Profile),
        MeterRead read => Named(read.Device) && Can(read.Profile) && read.Counters.All(c => c is not null && c.Value >= 0 && c.Name.Length > 0) && Unique(read.Counters, c => c.Name),
        SuppliesRead read => Named(read.Device) && Can(read.Profile) && read.Supplies.All(s => s is not null && Can(s)) && Unique(read.Supplies, s => s.Slot),
        StatusChanged status => Named(status.Device) && DeviceStatuses.Contains(status.DeviceStatus) && PrinterStatuses.Contains(status.PrinterStatus)
            && status.Errors.All(e => e is { Length: > 0 }) && (status.OpenAlerts is null || status.OpenAlerts.All(alert => alert is { Index.Length: > 0 and <= LongestIndex })),
        AlertRaised raised => Named(raised.Device) && raised.Index.Length is > 0 and <= LongestIndex,
        AlertCleared cleared => Named(cleared.Device) && cleared.Index.Length is > 0 and <= LongestIndex,
        AgentHealth health => health is { UptimeSeconds: >= 0, Devices: >= 0, Accepted: >= 0, Sent: >= 0, Kept: >= 0, Refused: >= 0 } && (health.Discovery is null || Can(health.Discovery)) && health.StandbyFor is null or { Length: > 0 and <= LongestIndex },
        _ => false,
    };

    private static bool Named(DeviceRef device) => device.Key.Length > 0;

    private static bool Can(DiscoveryHealth sweep) =>
        sweep is { Asked: >= 0, Answered: >= 0, Printers: >= 0, New: >= 0, Moved: >= 0, Vanished: >= 0 } && sweep.LeftOut.All(kind => kind is { Count: >= 0, Kind.Length: > 0 });

    private static bool Can(ProfileRef profile) => profile is { Name.Length: > 0, Version: >= 0 };

    // A level exists exactly when it was measured, a percentage exactly when a capacity gives it a meaning.
    private static bool Can(SupplyRead supply) =>
        supply.Slot.Length is > 0 and <= LongestIndex
        && Classes.Contains(supply.Class)
        && supply.Capacity is null or >= 0
        && supply.Percent is null or (>= 0 and <= 100)
        && supply.State switch
        {
            "measured" => supply.Level is >= 0 && (supply.Percent is null || supply.Capacity is > 0),
            "some-remaining" or "unknown" or "other" => supply is { Level: null, Percent: null },
            _ => false,
        };

    private static bool Unique<T>(IReadOnlyList<T> items, Func<T, string> key) => items.DistinctBy(key).Count() == items.Count;
}

using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Timeline;

/// <summary>What a device is doing, in one word: RFC 3805 §2.2.13.2's table of hrDeviceStatus and hrPrinterStatus, and what the agent tells.</summary>
public static class DeviceState
{
    public const string Ready = "ready", Printing = "printing", Sleeping = "sleeping", Warning = "warning", Down = "down", Unreachable = "unreachable",
        Unknown = "unknown", Retired = "retired";

    public static readonly IReadOnlySet<string> Available = new HashSet<string> { Ready, Printing, Sleeping, Warning };

    /// <summary>Of these nobody can say whether it was available.</summary>
    public static readonly IReadOnlySet<string> Uncounted = new HashSet<string> { Unknown, Retired };

    public static string Of(DeviceStatus status) => (status.Device, status.Printer) switch
    {
        ("unreachable", _) => Unreachable,
        ("down", _) => Down,
        ("warning", _) => Warning,
        ("running" or "testing", "printing") => Printing,
        ("running", "other") => Sleeping,       // standby
        ("running" or "testing", _) => Ready,
        _ => Unknown,
    };
}

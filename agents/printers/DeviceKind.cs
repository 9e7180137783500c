using System.Text.Json.Serialization;

namespace Fleet.Printers;

/// <summary>What stands at an address. Everything but a printer is left out and counted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeviceKind>))]
public enum DeviceKind
{
    /// <summary>It answered, and nothing says what it is.</summary>
    Other,
    Printer,
    Scanner,

    /// <summary>Switch, router, access point, firewall.</summary>
    Network,

    Ups,
    Computer
}

/// <summary>One address asked once.</summary>
/// <param name="Kind">Null when nothing answered, or nothing was allowed to be asked.</param>
public sealed record Sighting(Fleet.Snmp.SnmpOutcome Outcome, DeviceKind? Kind);

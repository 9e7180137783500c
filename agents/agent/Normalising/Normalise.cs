using Fleet.Agent.Changes;
using Fleet.Agent.Polling;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Normalising;

// PrinterReading (what a device said) -> Observed (the contract's words). Pure; nothing is added.

public static class Normalise
{
    /// <param name="asked">What was asked: an address that may not be known to others is not told to them either.</param>
    /// <returns>Null when the device did not say who it is: half a name would make it two devices.</returns>
    public static Observed? From(Target target, PrinterReading reading, Look look, FieldGroups asked, byte[] salt)
    {
        var whole = reading.Outcome == SnmpOutcome.Answered;
        if (reading.Serial is null && reading.Outcome.IsClosed) return null;

        var device = new DeviceRef(KeyOf(target, reading, salt), reading.Manufacturer, reading.Serial, reading.Mac, asked.HasFlag(FieldGroups.NetworkAddress) ? target.Address : null);
        var profile = new ProfileRef(reading.Profile.Name, reading.Profile.Version);
        return new(
            target.Name,
            device,
            Seen: whole && look.HasFlag(Look.Supplies) ? new(device, profile, reading.Model, reading.SysObjectId, reading.Name, reading.Location, reading.Firmware) : null,
            Meters: reading.Counters.Count > 0 ? new(device, profile, [.. reading.Counters.Select(c => new CounterRead(c.Name, c.Value, c.Unit, c.Oid))]) : null,
            Supplies: whole && reading.Supplies.Count > 0 ? new(device, profile, [.. reading.Supplies.Select(Supply)]) : null,
            Status: reading.Status is { } status ? new(device, status.Device, status.Printer, status.Errors) : null,
            // A table cut short must not clear what it did not get to.
            Alerts: whole ? [.. reading.Alerts.Select(a => new AlertRaised(device, a.Index, a.Severity, a.Group, a.GroupIndex, a.Code, a.Description))] : null);
    }

    /// <summary>What of a device must be asked for a look. Who it is, always: the same device must get the same name each time.</summary>
    public static FieldGroups GroupsOf(Look look) =>
        FieldGroups.Identity | FieldGroups.NetworkAddress | FieldGroups.Status
        | (look.HasFlag(Look.Supplies) ? FieldGroups.Supplies | FieldGroups.Location | FieldGroups.Firmware : 0)
        | (look.HasFlag(Look.Meters) ? FieldGroups.Counters : 0);

    private static SupplyRead Supply(Supply s) =>
        new(s.Slot, s.Description, s.Type, s.Class, s.Color, s.Unit, s.State, s.Level, s.Capacity, s.Percent, s.Part, s.Serial);

    private static string KeyOf(Target target, PrinterReading reading, byte[] salt) => Target.NameOf(
        reading.Serial is { } serial ? $"serial/{reading.Manufacturer}/{serial}" : reading.Mac is { } mac ? $"mac/{mac}" : $"address/{target.Name}", salt);
}

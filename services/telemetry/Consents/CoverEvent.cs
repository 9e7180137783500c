using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Consents;

// edge event + Consent -> Decide -> kept, or the reason it is not
/// <summary>Nothing is kept without a consent that stood when the device was observed, for a purpose and for every field group in it.</summary>
public static class CoverEvent
{
    private const string FleetManagement = "fleet-management", Billing = "billing";

    /// <returns>Null when covered, else one of <see cref="Refusals"/>.</returns>
    public static string? Decide(object data, DateTimeOffset at, Consent consent)
    {
        var purposes = Purposes(data);
        if (purposes.Count > 0 && !purposes.Any(purpose => consent.Allows(purpose, at)))
            return Refusals.NoPurpose;
        return FieldGroups(data).FirstOrDefault(group => !consent.Covers(group, at)) is { } missing ? Refusals.NoFieldGroup(missing) : null;
    }

    // Any one of them is enough. Pages are counted for an invoice too; toner, errors and alerts serve the device's care alone.
    private static IReadOnlyList<string> Purposes(object data) => data switch
    {
        DeviceSeen or MeterRead => [FleetManagement, Billing],
        SuppliesRead or StatusChanged or AlertRaised or AlertCleared => [FleetManagement],
        AgentHealth => [],
        _ => throw new ArgumentException($"No purpose is known for {data.GetType().Name}", nameof(data)),
    };

    private static IEnumerable<string> FieldGroups(object data) => data switch
    {
        DeviceSeen seen => ["identity", .. Named(seen.Device), .. When(seen.Name ?? seen.Location, "location"), .. When(seen.Firmware, "firmware")],
        MeterRead read => ["counters", .. Named(read.Device)],
        SuppliesRead read => ["supplies", .. Named(read.Device)],
        StatusChanged changed => ["status", .. Named(changed.Device)],
        AlertRaised raised => ["status", .. Named(raised.Device)],
        AlertCleared cleared => ["status", .. Named(cleared.Device)],
        _ => [],
    };

    // Whatever names the device is data of it as well.
    private static IEnumerable<string> Named(DeviceRef device) =>
        [.. When(device.Manufacturer ?? device.Serial, "identity"), .. When(device.Mac ?? device.Address, "network-address")];

    private static string[] When(string? value, string group) => value is null ? [] : [group];
}

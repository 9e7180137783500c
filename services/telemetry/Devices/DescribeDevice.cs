using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Meters;

namespace Fleet.Telemetry.Devices;

// edge device-seen -> Decide -> stream device/{id} -> Devices -> GET …/devices
public static class DescribeDevice
{
    public static IReadOnlyList<DeviceEvent> Decide(string site, DeviceSeen seen, DateTimeOffset at, Device device, Presence presence)
    {
        var card = new DeviceCard(
            site, seen.Device.Manufacturer, seen.Model, seen.Device.Serial, seen.Name, seen.Location, seen.Device.Address, seen.Device.Mac,
            seen.Firmware, seen.SysObjectId, ReadMeter.NameOf(seen.Profile));
        // Heard from two sites in turns, it does not move each time: it stays where it was until a person looks.
        if (device.Card is { } home && home.SiteId != site && device.Standing.Conflicts.Contains(new(DeviceConflict.TwoSites)))
            card = card with { SiteId = home.SiteId, Address = home.Address };
        return device.Card switch
        {
            null => [new DeviceEvent.Registered(card, at)],
            _ when at < presence.DescribedAt => [],     // late: a newer description is known
            { } known when known == card => [],
            _ => [new DeviceEvent.Described(card, at)],
        };
    }

    /// <summary>Something else came before the device described itself: it is registered under what names it there.</summary>
    public static IReadOnlyList<DeviceEvent> Register(string site, DeviceRef named, DateTimeOffset at, Device device) =>
        device.Card is not null
            ? []
            : [new DeviceEvent.Registered(
                new DeviceCard(site, named.Manufacturer, Serial: named.Serial, Address: named.Address, Mac: named.Mac), at)];
}

using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Silence;
using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry.Devices;

// stream device/{id} -> telemetry.DeviceDescribed, DeviceStatusChanged, DeviceAlertRaised, DeviceAlertCleared, SupplyLevelChanged
public static class AnnounceDevice
{
    public static readonly IReadOnlyList<Announcement> All =
    [
        Announcement.Of<DeviceEvent.Registered, DeviceDescribed>(e => Described(e, e.Data.Card, e.Data.At)),
        Announcement.Of<DeviceEvent.Described, DeviceDescribed>(e => Described(e, e.Data.Card, e.Data.At)),
        Announcement.Of<DeviceEvent.StatusChanged, DeviceStatusChanged>(e =>
            new DeviceStatusChanged(e.TenantId, Device.IdOf(e), e.Data.Status.Device, e.Data.Status.Printer, e.Data.Status.Errors, e.Data.At)),
        // Who watches status is told of silence in the same words. Of a dark site its agent's silence speaks for all devices.
        Announcement.Of<DeviceEvent.FellSilent, DeviceStatusChanged>(e => e.Data.Cause == SilenceCause.NotHeard
            ? new DeviceStatusChanged(e.TenantId, Device.IdOf(e), "unreachable", "unknown", [], e.Data.At)
            : null),
        Announcement.Of<DeviceEvent.SpokeAgain, DeviceStatusChanged>(e => e.Data.Status is not { Device: "unreachable" } and var status
            ? new DeviceStatusChanged(e.TenantId, Device.IdOf(e), status?.Device ?? "unknown", status?.Printer ?? "unknown", status?.Errors ?? [], e.Data.At)
            : null),
        Announcement.Of<DeviceEvent.AlertRaised, DeviceAlertRaised>(e => new DeviceAlertRaised(
            e.TenantId, Device.IdOf(e), e.Data.Index, e.Data.Severity, e.Data.Group, e.Data.GroupIndex, e.Data.Code, e.Data.Description, e.Data.At)),
        Announcement.Of<DeviceEvent.AlertCleared, DeviceAlertCleared>(e => new DeviceAlertCleared(e.TenantId, Device.IdOf(e), e.Data.Index, e.Data.Code, e.Data.At)),
        Announcement.Of<DeviceEvent.SupplyLevelChanged, SupplyLevelChanged>(e => Supply(e, e.Data.Supply)),
    ];

    private static DeviceDescribed Described(IEvent e, DeviceCard c, DateTimeOffset at) => new(
        e.TenantId, Device.IdOf(e), c.SiteId, c.Manufacturer, c.Model, c.Serial, c.Name, c.Location, c.Address, c.Mac, c.Firmware, at);

    private static SupplyLevelChanged Supply(IEvent<DeviceEvent.SupplyLevelChanged> e, Supply s) => new(
        e.TenantId, Device.IdOf(e), s.Slot, s.Description, s.Type, s.Class, s.Color, s.State, s.Level, s.Capacity, s.Percent, e.Data.At);
}

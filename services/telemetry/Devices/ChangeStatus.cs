using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

// edge status-changed -> Decide -> stream device/{id} -> Devices -> GET …/devices; telemetry.DeviceStatusChanged
public static class ChangeStatus
{
    public static IReadOnlyList<DeviceEvent> Decide(StatusChanged changed, DateTimeOffset at, Device device, Presence presence)
    {
        var status = new DeviceStatus(changed.DeviceStatus, changed.PrinterStatus, [.. changed.Errors.Distinct().Order(StringComparer.Ordinal)]);
        if (at < presence.StatusAt)
            return [];     // late: a newer status is known
        return status.Same(device.Status) ? [] : [new DeviceEvent.StatusChanged(status, at)];
    }
}

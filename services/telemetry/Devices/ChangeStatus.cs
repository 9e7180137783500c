using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

// edge status-changed -> Decide -> stream device/{id} -> Devices -> GET …/devices; telemetry.DeviceStatusChanged
public static class ChangeStatus
{
    public static IReadOnlyList<DeviceEvent> Decide(StatusChanged changed, DateTimeOffset at, Device device, Presence presence)
    {
        var status = new DeviceStatus(changed.DeviceStatus, changed.PrinterStatus, [.. changed.Errors.Distinct().Order(StringComparer.Ordinal)]);
        // Late: a newer status is known.
        IReadOnlyList<DeviceEvent> events = at < presence.StatusAt || status.Same(device.Status) ? [] : [new DeviceEvent.StatusChanged(status, at)];
        return [.. events, .. Gone(changed.OpenAlerts, at, device)];
    }

    // An agent that knows nothing of what was said before names all rows there are. What was raised later than it looked is not its to close.
    private static IEnumerable<DeviceEvent> Gone(IReadOnlyList<OpenAlert>? open, DateTimeOffset at, Device device) => open is null
        ? []
        : device.Alerts.Where(alert => alert.Value.Open && alert.Value.At <= at && !open.Contains(new(alert.Key, alert.Value.Code)))
            .Select(alert => new DeviceEvent.AlertCleared(alert.Key, alert.Value.Code, at));
}

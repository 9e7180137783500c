using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

// edge alert-cleared -> Decide -> stream device/{id}; telemetry.DeviceAlertCleared
public static class ClearAlert
{
    /// <summary>
    /// Kept also when the row was never seen open: its raising may only be late, and must find it closed.
    /// </summary>
    public static IReadOnlyList<DeviceEvent> Decide(AlertCleared cleared, DateTimeOffset at, Device device) =>
        device.Alerts.GetValueOrDefault(cleared.Index) switch
        {
            { Open: false, Code: var code } when code == cleared.Code => [],
            { At: var last } when at < last => [],
            _ => [new DeviceEvent.AlertCleared(cleared.Index, cleared.Code, at)],
        };
}

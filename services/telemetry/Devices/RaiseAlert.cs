using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Devices;

// edge alert-raised -> Decide -> stream device/{id}; telemetry.DeviceAlertRaised
public static class RaiseAlert
{
    /// <summary>A row that is open is not raised twice; one that a newer word closed stays closed.</summary>
    public static IReadOnlyList<DeviceEvent> Decide(AlertRaised raised, DateTimeOffset at, Device device) =>
        device.Alerts.GetValueOrDefault(raised.Index) switch
        {
            { Open: true, Code: var code } when code == raised.Code => [],
            { At: var last } when at < last => [],
            _ => [new DeviceEvent.AlertRaised(raised.Index, raised.Severity, raised.Group, raised.GroupIndex, raised.Code, raised.Description, at)],
        };
}

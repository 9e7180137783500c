using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Silence;

// any edge event of a device -> Decide -> stream device/{id}: its silence, or its retirement, is over
public static class HearDevice
{
    public static IReadOnlyList<DeviceEvent> Decide(object data, DateTimeOffset at, Device device)
    {
        // Its agent speaks of it; it does not.
        if (data is StatusChanged { DeviceStatus: "unreachable" })
            return [];
        return
        [
            .. device.Standing.RetiredAt < at ? new DeviceEvent[] { new DeviceEvent.Returned(By: null, Reason: null, at) } : [],
            .. device.SilentSince is { } since && at > since ? new DeviceEvent[] { new DeviceEvent.SpokeAgain(device.Status, at) } : [],
        ];
    }
}

using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Supplies;

// edge supplies-read -> Decide -> stream device/{id} -> Supplies, Devices -> GET …/devices/{id}/supplies; telemetry.SupplyLevelChanged
public static class ReadSupplies
{
    /// <summary>One event per slot whose level, state or description is another than before.</summary>
    public static IReadOnlyList<DeviceEvent> Decide(SuppliesRead read, DateTimeOffset at, Device device, Presence presence)
    {
        if (at < presence.SuppliesAt)
            return [];     // late: a newer look has been taken
        return
        [
            .. from supply in read.Supplies.Select(Of)
               where device.Supplies.GetValueOrDefault(supply.Slot) != supply
               select new DeviceEvent.SupplyLevelChanged(supply, at),
        ];
    }

    private static Supply Of(SupplyRead s) =>
        new(s.Slot, s.Description, s.Type, s.Class, s.Color, s.Unit, s.State, s.Level, s.Capacity, s.Percent);
}

using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Supplies;

// edge supplies-read -> Decide -> stream device/{id} -> Supplies, Devices -> GET …/devices/{id}/supplies; telemetry.SupplyLevelChanged, SupplyReplaced, SupplyRemoved
public static class ReadSupplies
{
    /// <summary>
    /// A table is told whole. One event per slot that says something else than before, before it one if another supply must be in it, and one per slot that is no longer there.
    /// </summary>
    public static IReadOnlyList<DeviceEvent> Decide(SuppliesRead read, DateTimeOffset at, Device device, Presence presence)
    {
        if (at < presence.SuppliesAt)
            return [];     // late: a newer look has been taken
        var told = read.Supplies.Select(Of).ToList();
        return
        [
            .. device.Supplies.Values.Where(slot => !slot.Gone && told.TrueForAll(supply => supply.Slot != slot.Supply.Slot))
                .Select(slot => new DeviceEvent.SupplyRemoved(slot.Supply, at)),
            .. told.SelectMany(supply => Slot(supply, at, device.Supplies.GetValueOrDefault(supply.Slot))),
        ];
    }

    private static IEnumerable<DeviceEvent> Slot(Supply now, DateTimeOffset at, Slot? before)
    {
        if (before is { Gone: false } && before.Supply == now)
            yield break;
        if (Replacement.Evidence(before, now) is { } evidence)
            yield return new DeviceEvent.SupplyReplaced(
                before!.Supply, evidence, before.Percent, before.Step, before.InstalledAt, Replacement.IsPremature(before), Replacement.PrematureAbove, at);
        yield return new DeviceEvent.SupplyLevelChanged(now, at);
    }

    private static Supply Of(SupplyRead s) =>
        new(s.Slot, s.Description, s.Type, s.Class, s.Color, s.Unit, s.State, s.Level, s.Capacity, s.Percent, s.Part, s.Serial);
}

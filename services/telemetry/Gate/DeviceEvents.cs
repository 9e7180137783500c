using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry.Gate;

/// <summary>One accepted edge event about a device → its stored events and its presence: the table of which decision takes what.</summary>
public static class DeviceEvents
{
    /// <param name="history">All readings of the device; needed for a late reading only.</param>
    public static IReadOnlyList<DeviceEvent> Decide(ReceivedBatch batch, ReceivedEvent e, DateTimeOffset now, Device device, Presence presence, MeterHistory? history)
    {
        var (site, at) = (batch.Site, e.Time);
        return e.Data switch
        {
            DeviceSeen seen => DescribeDevice.Decide(site, seen, at, device, presence),
            MeterRead read => ReadMeter.Decide(e.Id, site, batch.AgentKey, read, at, now, device, history),
            SuppliesRead read => ReadSupplies.Decide(read, at, device, presence),
            StatusChanged changed => ChangeStatus.Decide(changed, at, device, presence),
            AlertRaised raised => RaiseAlert.Decide(raised, at, device),
            AlertCleared cleared => ClearAlert.Decide(cleared, at, device),
            _ => throw new ArgumentException($"{e.Data.GetType().Name} is not about a device", nameof(e)),
        };
    }

    /// <summary>A device that does not answer was not seen: its agent only says so.</summary>
    public static Presence Note(object data, DateTimeOffset at, Presence presence) => data switch
    {
        DeviceSeen => presence.Seen(at).Described(at),
        SuppliesRead => presence.Seen(at).Supplied(at),
        StatusChanged { DeviceStatus: "unreachable" } => presence.Stated(at),
        StatusChanged => presence.Seen(at).Stated(at),
        _ => presence.Seen(at),
    };

    /// <summary>A device whose first word is not its description is registered first.</summary>
    public static IReadOnlyList<DeviceEvent> Register(string site, object data, DateTimeOffset at, Device device) =>
        data is DeviceSeen ? [] : DescribeDevice.Register(site, RefOf(data)!, at, device);

    /// <summary>Null for what is not about a device.</summary>
    public static DeviceRef? RefOf(object data) => data switch
    {
        DeviceSeen seen => seen.Device,
        MeterRead read => read.Device,
        SuppliesRead read => read.Device,
        StatusChanged changed => changed.Device,
        AlertRaised raised => raised.Device,
        AlertCleared cleared => cleared.Device,
        _ => null,
    };
}

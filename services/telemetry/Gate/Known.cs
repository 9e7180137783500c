using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Held;
using Fleet.Telemetry.Meters;

namespace Fleet.Telemetry.Gate;

/// <summary>Names of one thing of one tenant.</summary>
public readonly record struct Named(string TenantId, string Id);

/// <summary>What the gate must know before it decides on these batches, and, while it decides, what its own decisions have made of it.</summary>
public sealed class Known
{
    public required ConsentsAsOf Consents { get; init; }
    public required Dictionary<Named, Agent> Agents { get; init; }
    public required Dictionary<Named, Device> Devices { get; init; }
    public required Dictionary<Named, Presence> Presences { get; init; }
    public required DeviceIndex Names { get; init; }

    /// <summary>All readings of the devices that a late one came of.</summary>
    public Dictionary<Named, MeterHistory> Histories { get; init; } = [];

    /// <summary>By site; only of those that sent a batch under a key nobody has heard of.</summary>
    public Dictionary<Named, HeldRoom> Room { get; init; } = [];

    /// <summary>The same before anything was decided on it: for the next try, with more devices.</summary>
    public Known Anew() =>
        new() { Consents = Consents, Agents = new(Agents), Devices = new(Devices), Presences = new(Presences), Names = Names.Anew(), Histories = new(Histories), Room = new(Room) };
}

/// <summary>Which streams and rows some batches need.</summary>
/// <param name="Names">Their devices are called by.</param>
/// <param name="Fresh">Ids their devices would get if none of the names were known.</param>
public sealed record Needs(IReadOnlyList<string> Tenants, IReadOnlyList<Named> Agents, IReadOnlyList<Named> Names, IReadOnlyList<Named> Fresh)
{
    private IReadOnlyList<(Named Fresh, IReadOnlyList<Named> Names)> Refs { get; init; } = [];

    public static Needs Of(IReadOnlyCollection<ReceivedBatch> batches)
    {
        var refs = batches.SelectMany(b => b.Events.Select(e => DeviceEvents.RefOf(e.Data)).OfType<DeviceRef>().Distinct().Select(device => (b.Tenant, b.Site, Device: device))).Distinct()
            .Select(r => (Fresh: new Named(r.Tenant!, DeviceIdentity.IdOf(r.Tenant!, r.Site, r.Device)), Names: (IReadOnlyList<Named>)[.. Devices.Names.Of(r.Site, r.Device).Known.Select(name => new Named(r.Tenant!, name))])).ToList();
        return new(
            [.. batches.Select(b => b.Tenant!).Distinct()],
            [.. batches.Select(b => new Named(b.Tenant!, b.AgentKey)).Distinct()],
            [.. refs.SelectMany(r => r.Names).Distinct()],
            [.. refs.Select(r => r.Fresh).Distinct()])
        { Refs = refs };
    }

    /// <summary>The devices these will most likely be of. A decision that needs another one says so: <see cref="Passed.Lacking"/>.</summary>
    public IReadOnlyList<Named> DevicesIn(DeviceIndex index) =>
    [
        .. Refs.SelectMany(r => r.Names.Select(name => index.Find(name.TenantId, name.Id)).OfType<NameRow>().Select(row => row.DeviceId)
            .DefaultIfEmpty(r.Fresh.Id).Select(id => new Named(r.Fresh.TenantId, index.Follow(r.Fresh.TenantId, id)))).Distinct(),
    ];
}

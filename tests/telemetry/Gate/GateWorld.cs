using Fleet.Contracts.Identity.V1;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Gate;
using Fleet.Telemetry.Held;
using Fleet.Telemetry.Meters;
using TestSeal = Fleet.Testing.TestSeal;

namespace Fleet.Telemetry.Tests.Gate;

/// <summary>The gate over streams kept in memory: what was appended so far is the history of what comes next.</summary>
internal sealed class GateWorld
{
    public static readonly string[] AllGroups =
        ["identity", "network-address", "location", "counters", "supplies", "status", "firmware"];

    private readonly Dictionary<string, Consent> _consents = [];
    private readonly Dictionary<(string, string), List<object>> _streams = [];
    private readonly Dictionary<Named, Presence> _presences = [];
    private readonly HashSet<string> _claims = [];
    private readonly Dictionary<(string, string), NameRow> _names = [];
    private readonly Dictionary<(string, string, string), LinkRow> _links = [];
    private readonly List<ReceivedBatch> _held = [];

    public DateTimeOffset Now { get; set; } = Samples.Noon.AddHours(1);

    /// <summary>When the consent service said what stands; null: after everything that comes.</summary>
    public DateTimeOffset? AsOf { get; set; }

    public Passed Last { get; private set; } = new(new([], []));

    public GateWorld Consents(string tenant, string[] purposes, string[] groups, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        Span[] Spans(string[] names) => [.. names.Select(name => new Span(name, from ?? Samples.Noon.AddYears(-1), until))];
        _consents[tenant] = new Consent(1, Spans(purposes), Spans(groups));
        return this;
    }

    public static GateWorld OfAcme(bool knowsTestAgents = true) => new GateWorld { KnowsTestAgents = knowsTestAgents }.Consents("acme", ["fleet-management", "billing"], AllGroups);

    /// <summary>All in one pass, as one transaction of the gate would.</summary>
    public Passed Receives(params EdgeDelivery[] deliveries)
    {
        ReceivedBatch[] fresh = [.. deliveries.Select(ReadBatch.Read).Where(b => b.Tenant is not null && _claims.Add(b.ClaimKey))];
        var needs = Needs.Of(fresh);
        var known = new Known
        {
            Consents = new(AsOf ?? DateTimeOffset.MaxValue, needs.Tenants.ToDictionary(t => t, t => _consents.GetValueOrDefault(t, Consent.None))),
            Agents = needs.Agents.ToDictionary(a => a, a => AgentOf(a.TenantId, a.Id)),
            Room = needs.Agents.Select(SiteOf).Distinct().ToDictionary(site => site, RoomOf),
            Devices = [],
            Presences = new(_presences),
            Names = Index,
        };
        foreach (var device in needs.DevicesIn(known.Names))
            known.Devices[device] = DeviceOf(device.TenantId, device.Id);
        while ((Last = Pass.Decide(fresh, known.Anew(), Now)) is { Lacking.Count: > 0 } or { LackingHistories.Count: > 0 })
        {
            foreach (var device in Last.Lacking)
                known.Devices[device] = DeviceOf(device.TenantId, device.Id);
            foreach (var device in Last.LackingHistories)
                known.Histories[device] = HistoryOf(device.TenantId, device.Id);
        }
        foreach (var (row, _) in Last.Names.Changes)
            _names[(row.TenantId, row.Name)] = row;
        foreach (var link in Last.Names.NewLinks)
            _links[(link.TenantId, link.DeviceId, link.IntoId)] = link;
        _held.AddRange(Last.Held);
        foreach (var (stream, events) in Last.Appends)
            Stream(stream.TenantId, stream.StreamKey).AddRange(events.Select(e => e.Data));
        foreach (var (device, presence) in Last.Presences)
            _presences[device] = presence;
        return Last;
    }

    /// <summary>What identity announces of an agent.</summary>
    public GateWorld Learns(object news)
    {
        var (tenant, agent) = news switch
        {
            AgentEnrolled enrolled => (enrolled.TenantId, $"{enrolled.SiteId}/{enrolled.AgentId}"),
            AgentRevoked revoked => (revoked.TenantId, $"{revoked.SiteId}/{revoked.AgentId}"),
            _ => throw new ArgumentException(news.GetType().Name, nameof(news)),
        };
        var known = AgentOf(tenant, agent);
        Stream(tenant, Agent.StreamKey(agent)).AddRange((news is AgentEnrolled one ? LearnAgent.Decide(one, known) : LearnAgent.Decide((AgentRevoked)news, known)).Events);
        return this;
    }

    public DeviceIndex Index => new([.. _names.Values], [.. _links.Values]);

    public Device DeviceOf(string id) => DeviceOf("acme", id);

    /// <summary>What a device's stream says.</summary>
    public IReadOnlyList<DeviceEvent> HistoryOf(string id) => [.. Stream("acme", Device.StreamKey(id)).Cast<DeviceEvent>()];

    /// <summary>Ids of devices that stand for themselves, in the order they were first heard of.</summary>
    public IReadOnlyList<string> Devices(string tenant = "acme") =>
    [
        .. _streams.Keys.Where(key => key.Item1 == tenant && key.Item2.StartsWith("device/", StringComparison.Ordinal)).Select(key => key.Item2["device/".Length..])
            .Where(id => DeviceOf(tenant, id) is { Card: not null, Standing.MergedInto: null }),
    ];

    /// <summary>What a person says of devices.</summary>
    public Change Changes(Func<IReadOnlyDictionary<string, Device>, DeviceIndex, Change> decide, params string[] ids)
    {
        var change = decide(ids.ToDictionary(id => id, id => DeviceOf(id)), Index);
        foreach (var (id, e) in change.Events)
            Stream("acme", Device.StreamKey(id)).Add(e);
        foreach (var link in change.Links)
            _links[(link.TenantId, link.DeviceId, link.IntoId)] = link;
        foreach (var name in change.Names)
            _names[(name.TenantId, name.Name)] = name;
        return change;
    }

    /// <summary>Whom this world knows by the key of tests; others it has to learn.</summary>
    public bool KnowsTestAgents { get; init; } = true;

    public Agent AgentOf(string tenant, string agent) =>
        Stream(tenant, Agent.StreamKey(agent)).Cast<AgentEvent>().Aggregate(KnowsTestAgents ? Agent.Unheard with { Keys = [new(TestSeal.KeyId, TestSeal.X, TestSeal.Y)] } : Agent.Unheard, Agent.Evolve);

    public Device DeviceOf(string tenant, string id) => Stream(tenant, Device.StreamKey(id)).Cast<DeviceEvent>().Aggregate(Device.Unknown, Device.Evolve);

    public MeterHistory HistoryOf(string tenant, string id) =>
        MeterHistory.Empty.With(Stream(tenant, Device.StreamKey(id)).Select(e => ((e as DeviceEvent.MeterRead)?.Id ?? Guid.Empty, e)));

    /// <summary>What a person decided on a device.</summary>
    public void Adds(string tenant, string device, IEnumerable<object> events) => Stream(tenant, Device.StreamKey(device)).AddRange(events);

    public IEnumerable<object> Everything => _streams.Values.SelectMany(events => events);

    public IReadOnlyList<T> All<T>() => [.. Everything.OfType<T>()];

    private static Named SiteOf(Named agent) => new(agent.TenantId, agent.Id.Split('/')[0]);

    private HeldRoom RoomOf(Named site) => _held.Where(b => new Named(b.Tenant!, b.Site) == site).Aggregate(HeldRoom.OfASite, (room, batch) => room.After(batch));

    private List<object> Stream(string tenant, string key)
    {
        if (!_streams.TryGetValue((tenant, key), out var events))
            _streams[(tenant, key)] = events = [];
        return events;
    }
}

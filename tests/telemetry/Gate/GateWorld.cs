using Fleet.Contracts.Identity.V1;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Gate;
using Fleet.Telemetry.Meters;

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

    public DateTimeOffset Now { get; set; } = Samples.Noon.AddHours(1);

    /// <summary>When the consent service said what stands; null: after everything that comes.</summary>
    public DateTimeOffset? AsOf { get; set; }

    public Passed Last { get; private set; } = new();

    public GateWorld Consents(string tenant, string[] purposes, string[] groups, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        Span[] Spans(string[] names) => [.. names.Select(name => new Span(name, from ?? Samples.Noon.AddYears(-1), until))];
        _consents[tenant] = new Consent(1, Spans(purposes), Spans(groups));
        return this;
    }

    public static GateWorld OfAcme() => new GateWorld().Consents("acme", ["fleet-management", "billing"], AllGroups);

    /// <summary>All in one pass, as one transaction of the gate would.</summary>
    public Passed Receives(params EdgeDelivery[] deliveries)
    {
        ReceivedBatch[] fresh = [.. deliveries.Select(ReadBatch.Read).Where(b => b.Tenant is not null && _claims.Add(b.ClaimKey))];
        var needs = Needs.Of(fresh);
        var devices = needs.Devices.ToDictionary(d => d, d => DeviceOf(d.TenantId, d.Id));
        Last = Pass.Decide(fresh, new Known
        {
            Consents = new(AsOf ?? DateTimeOffset.MaxValue, needs.Tenants.ToDictionary(t => t, t => _consents.GetValueOrDefault(t, Consent.None))),
            Agents = needs.Agents.ToDictionary(a => a, a => AgentOf(a.TenantId, a.Id)),
            Devices = devices,
            Histories = LateReadings.Among(fresh, devices).ToDictionary(d => d, d => HistoryOf(d.TenantId, d.Id)),
            Presences = new(_presences),
        }, Now);
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

    public Agent AgentOf(string tenant, string agent) =>
        Stream(tenant, Agent.StreamKey(agent)).Cast<AgentEvent>().Aggregate(Agent.Unheard, Agent.Evolve);

    public Device DeviceOf(string tenant, string id) => Stream(tenant, Device.StreamKey(id)).Cast<DeviceEvent>().Aggregate(Device.Unknown, Device.Evolve);

    public MeterHistory HistoryOf(string tenant, string id) =>
        MeterHistory.Empty.With(Stream(tenant, Device.StreamKey(id)).Select(e => ((e as DeviceEvent.MeterRead)?.Id ?? Guid.Empty, e)));

    /// <summary>What a person decided on a device.</summary>
    public void Adds(string tenant, string device, IEnumerable<object> events) => Stream(tenant, Device.StreamKey(device)).AddRange(events);

    public IEnumerable<object> Everything => _streams.Values.SelectMany(events => events);

    public IReadOnlyList<T> All<T>() => [.. Everything.OfType<T>()];

    private List<object> Stream(string tenant, string key)
    {
        if (!_streams.TryGetValue((tenant, key), out var events))
            _streams[(tenant, key)] = events = [];
        return events;
    }
}

using System.Text.Json.Serialization;
using Fleet.Agent.Scheduling;
using Fleet.Snmp;
using NodaTime;

namespace Fleet.Agent.Configuration;

/// <summary>The agent's configuration file, JSON. Durations are written <c>30s</c>, <c>15m</c>, <c>1h</c>, <c>1d</c>; a schedule is one of them or a cron expression, <c>0 6 * * *</c>.</summary>
/// <param name="Tenant">Whose devices these are; slug.</param>
/// <param name="AgentId">Unique per tenant; by habit <c>{tenant}-{site}</c>.</param>
/// <param name="TokenUrl">The issuer's token endpoint; https, or http to a loopback address; <c>/oauth/token</c> of <paramref name="Api"/> when left out.</param>
/// <param name="ClientId">With <paramref name="SecretFile"/> for a site without a person; left out, the enrolment in <paramref name="StateDir"/> counts (<c>fleet-agent enrol</c>).</param>
/// <param name="SecretFile">File that holds the client secret and nothing else.</param>
/// <param name="StateDir">Where sequence, unsent batches and last seen states are kept; one agent at a time.</param>
/// <param name="Targets">Devices one by one.</param>
/// <param name="Ranges">Addresses to search for devices, beside them.</param>
/// <param name="DiscoverEvery">How often the ranges are searched; a day when left out.</param>
/// <param name="ProfilesDir">Folder of further vendor profiles, <c>*.json</c>; of one name they stand before the agent's own.</param>
/// <param name="MetersEvery">How often counters are reported.</param>
/// <param name="SuppliesEvery">How often identity and supplies are looked at; reported on change.</param>
/// <param name="AlertsEvery">How often status and alerts are looked at; reported on change.</param>
/// <param name="SpoolMaxBytes">Bytes kept unsent; past that the oldest supplies and statuses go, then alerts, then meters.</param>
/// <param name="SpoolMaxAge">How long an event is kept unsent; 90 days when left out.</param>
/// <param name="Api">Origin of the API, https, or http as <paramref name="TokenUrl"/>; that of <paramref name="TokenUrl"/> when left out.</param>
/// <param name="CopyTo">Folder for a copy of everything sent, as JSON Lines and CSV; none when left out.</param>
/// <param name="TranscriptMaxBytes">All files of the transcript together, before the oldest goes.</param>
/// <param name="AllowInsecureTokenUrl">Lets the client secret travel over http beyond loopback; for closed container networks only.</param>
/// <param name="Credentials">What opens devices that a v2c community alone does not open, by name.</param>
/// <param name="SiteSecretFile">
/// File with a secret that the agents of one site share and nobody else knows, so that both give a device whose identity may not leave the site the same name; needless where serial numbers may.
/// </param>
/// <param name="Traps">Where to listen for traps and informs; nothing listens when left out.</param>
/// <param name="TimeZone">IANA name of the zone whose hours cron expressions mean, <c>Europe/Vienna</c>; this system's when left out.</param>
/// <param name="Proxy">The HTTP proxy to get out by; straight out when left out, whatever the environment says.</param>
/// <param name="Page">The local page for whoever administers this machine; at its usual port when left out.</param>
public sealed record AgentConfig(
    string Tenant,
    string Site,
    string AgentId,
    BrokerConfig Broker,
    string StateDir,
    string TokenUrl = "",
    string? ClientId = null,
    string? SecretFile = null,
    IReadOnlyList<TargetConfig>? Targets = null,
    Schedule? MetersEvery = null,
    Schedule? SuppliesEvery = null,
    Schedule? AlertsEvery = null,
    long SpoolMaxBytes = 256 * 1024 * 1024,
    TimeSpan? SpoolMaxAge = null,
    bool AllowInsecureTokenUrl = false,
    IReadOnlyList<RangeConfig>? Ranges = null,
    Schedule? DiscoverEvery = null,
    IReadOnlyDictionary<string, CredentialConfig>? Credentials = null,
    string? ProfilesDir = null,
    string? Api = null,
    TrapsConfig? Traps = null,
    string? CopyTo = null,
    long TranscriptMaxBytes = 2L * 1024 * 1024 * 1024,
    ProxyConfig? Proxy = null,
    string? SiteSecretFile = null,
    string? TimeZone = null,
    PageConfig? Page = null)
{
    /// <summary>The proxy this host is reached through; null when it is reached straight.</summary>
    public ProxyConfig? ProxyTo(string host) => Proxy?.LeadsTo(host) is true ? Proxy : null;

    /// <summary>Who logs in, in words.</summary>
    [JsonIgnore]
    public string Login => ClientId is null ? $"agent {AgentId}" : $"client {ClientId}";

    /// <summary>Origin of the API grants come from.</summary>
    [JsonIgnore]
    public string ApiUrl => Api ?? new Uri(TokenUrl).GetLeftPart(UriPartial.Authority);

    /// <summary>CloudEvents <c>source</c> of everything this agent says.</summary>
    [JsonIgnore]
    public string Source => $"/tenants/{Tenant}/sites/{Site}/agents/{AgentId}";

    [JsonIgnore]
    public int PagePort => (Page ?? new()).Port;

    [JsonIgnore]
    public Schedule DiscoveryEvery => (DiscoverEvery ?? TimeSpan.FromDays(1)).In(Zone);

    [JsonIgnore]
    public Cadence Cadence =>
        new((MetersEvery ?? TimeSpan.FromHours(1)).In(Zone), (SuppliesEvery ?? TimeSpan.FromMinutes(15)).In(Zone), (AlertsEvery ?? TimeSpan.FromMinutes(1)).In(Zone));

    private DateTimeZone Zone => TimeZone is { } name && TimeZones.Find(name) is { } zone ? zone : TimeZones.OfThisSystem();
}

/// <param name="Host">Name or address; also the name its certificate must carry.</param>
/// <param name="CaFile">PEM with the roots the broker's (and an https token endpoint's) certificate must lead to; the system's own roots when absent.</param>
public sealed record BrokerConfig(string Host, int Port = 5671, string? CaFile = null, string Vhost = "fleet");

/// <summary>One device to ask.</summary>
/// <param name="Community">An SNMP v2c community, where no credential is named.</param>
/// <param name="Credential">One of the configuration's <c>credentials</c>.</param>
public sealed record TargetConfig(string Address, int Port = 161, string Community = "public", string? Credential = null)
{
    private readonly SnmpCredential? opens;

    /// <summary>The credential itself, filled in when the configuration is read.</summary>
    [JsonIgnore]
    public SnmpCredential Opens
    {
        get => opens ?? SnmpCredential.V2C(Community);
        init => opens = value;
    }
}

/// <summary>When what is looked at.</summary>
public sealed record Cadence(Schedule Meters, Schedule Supplies, Schedule Alerts)
{
    /// <summary>
    /// How far behind a schedule's turns a device stays that has this place. Where one interval is a multiple of the shortest its turns fall on that one's: a look at the meters shall be the
    /// look at the status, too, and not another visit.
    /// </summary>
    /// <param name="place">0 to below 1.</param>
    public TimeSpan Behind(Schedule one, double place)
    {
        var (own, first) = (one.Spread * place, Alerts.Spread * place);
        return (one, Alerts) is (Schedule.Interval, Schedule.Interval { Every: var step }) && own >= first ? first + (step * Math.Floor((own - first) / step)) : own;
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Edge.V1;

/// <summary>
/// One CloudEvents 1.0 event in JSON format as it leaves an edge agent (structured mode, member of a batch).
/// </summary>
/// <param name="SpecVersion">Always <c>1.0</c>.</param>
/// <param name="Id">Unique per event; the id under which the event is stored and announced later.</param>
/// <param name="Source">Who speaks: <c>/tenants/{tenant}/sites/{site}/agents/{agent}</c>.</param>
/// <param name="Type">One of <see cref="EdgeEventTypes"/>; decides the shape of <paramref name="Data"/>.</param>
/// <param name="Time">When the device was observed (UTC, RFC 3339).</param>
/// <param name="TenantId">CloudEvents extension <c>tenantid</c>: the owner of the data.</param>
/// <param name="GrantId">CloudEvents extension <c>grantid</c>: the grant under which the device was asked; null until grants exist.</param>
/// <param name="Data">The payload; see the records of this namespace.</param>
public sealed record EdgeEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    [property: JsonPropertyName("id")] Guid Id,
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("time")] DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    [property: JsonPropertyName("tenantid")] string TenantId,
    [property: JsonPropertyName("data")] JsonElement Data,
    [property: JsonPropertyName("grantid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? GrantId = null);

/// <summary>The CloudEvents types an agent may send.</summary>
public static class EdgeEventTypes
{
    public const string DeviceSeen = "fleet.edge.device-seen.v1";
    public const string MeterRead = "fleet.edge.meter-read.v1";
    public const string SuppliesRead = "fleet.edge.supplies-read.v1";
    public const string StatusChanged = "fleet.edge.status-changed.v1";
    public const string AlertRaised = "fleet.edge.alert-raised.v1";
    public const string AlertCleared = "fleet.edge.alert-cleared.v1";
    public const string AgentHealth = "fleet.edge.agent-health.v1";
}

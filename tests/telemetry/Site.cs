using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Tests;

/// <summary>An agent at a site: makes batches as the contract says, numbered without gaps.</summary>
internal sealed class Site(string tenant = "acme", string site = "hq", string agent = "acme-hq")
{
    private int _events;

    public long Sequence { get; set; }
    public string Tenant => tenant;
    public string Name => site;
    public string Agent => agent;

    /// <summary>The next batch of the reading lane.</summary>
    public EdgeDelivery Sends(params (object Data, DateTimeOffset At)[] events) => Deliver(++Sequence, [.. events.Select(e => Event(e.Data, e.At))]);

    public EdgeDelivery SendsAt(DateTimeOffset at, params object[] data) => Sends([.. data.Select(d => (d, at))]);

    public EdgeEvent Event(object data, DateTimeOffset at) => new(
        "1.0", IdOf(++_events), $"/tenants/{tenant}/sites/{site}/agents/{agent}", TypeOf(data), at, "application/json", tenant,
        JsonSerializer.SerializeToElement(data, data.GetType(), EdgeBatch.Json));

    public EdgeDelivery Deliver(long sequence, EdgeEvent[] events, string lane = EdgeBatch.ReadingLane) =>
        Deliver(sequence, JsonSerializer.Serialize(events, EdgeBatch.Json), lane);

    public EdgeDelivery Deliver(long sequence, string body, string lane = EdgeBatch.ReadingLane) => new(
        EdgeBatch.RoutingKey(tenant, site, lane), EdgeBatch.ContentType, agent, sequence, new string(sequence == 1 ? '0' : 'a', 64), null, Encoding.UTF8.GetBytes(body));

    /// <summary>Ids of this site's events, in the order they were made: from 1.</summary>
    public Guid IdOf(int number) => new(number, (short)tenant.Length, (short)site.Length, (byte)(0x80 + agent.Length - tenant.Length - site.Length - 1), 0, 0, 0, 0, 0, 0, (byte)site[0]);

    public static string TypeOf(object data) => data switch
    {
        DeviceSeen => EdgeEventTypes.DeviceSeen,
        MeterRead => EdgeEventTypes.MeterRead,
        SuppliesRead => EdgeEventTypes.SuppliesRead,
        StatusChanged => EdgeEventTypes.StatusChanged,
        AlertRaised => EdgeEventTypes.AlertRaised,
        AlertCleared => EdgeEventTypes.AlertCleared,
        AgentHealth => EdgeEventTypes.AgentHealth,
        _ => throw new ArgumentException(data.GetType().Name, nameof(data)),
    };
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Edge;
using Fleet.Testing;

namespace Fleet.Telemetry.Tests;

/// <summary>An agent at a site: makes batches as the contract says, numbered without gaps.</summary>
internal sealed class Site(string tenant = "acme", string site = "hq", string agent = "acme-hq")
{
    private readonly Dictionary<long, string> _bodies = [];
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

    /// <summary>Signed, and naming the body this site made for the number before it.</summary>
    public EdgeDelivery Deliver(long sequence, string body, string lane = EdgeBatch.ReadingLane)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var previous = _bodies.GetValueOrDefault(sequence - 1, new string('0', 64));
        _bodies[sequence] = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return Signs(new(EdgeBatch.RoutingKey(tenant, site, lane), EdgeBatch.ContentType, agent, sequence, previous, null, bytes));
    }

    /// <summary>The same under a signature over what it says.</summary>
    public static EdgeDelivery Signs(EdgeDelivery delivery) => IsBatch(delivery)
        ? delivery with { KeyId = TestSeal.KeyId, Signature = TestSeal.Sign(delivery.Agent!, delivery.Sequence!.Value, delivery.Previous!, delivery.Body) }
        : delivery;

    // What is no array has no leaves to sign.
    private static bool IsBatch(EdgeDelivery delivery)
    {
        try
        {
            return delivery is { Agent: not null, Sequence: not null, Previous: not null } && BatchStatement.Events(delivery.Body) is not null;
        }
        catch (JsonException)
        {
            return false;
        }
    }

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

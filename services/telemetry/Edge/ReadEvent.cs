using System.Runtime.InteropServices;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Edge;

/// <summary>One CloudEvent of a batch: envelope and the payload its type promises.</summary>
public static class ReadEvent
{
    private const int LargestData = 256 * 1024;

    /// <exception cref="JsonException">Envelope or payload do not have the form of the contract.</exception>
    public static ReceivedEvent Read(EdgeEvent e)
    {
        if (e is not { SpecVersion: "1.0", DataContentType: "application/json" })
            throw new JsonException("Not a CloudEvents 1.0 event with JSON data");
        object data = e.Type switch
        {
            EdgeEventTypes.DeviceSeen => Of<DeviceSeen>(e),
            EdgeEventTypes.MeterRead => Of<MeterRead>(e),
            EdgeEventTypes.SuppliesRead => Of<SuppliesRead>(e),
            EdgeEventTypes.StatusChanged => Of<StatusChanged>(e),
            EdgeEventTypes.AlertRaised => Of<AlertRaised>(e),
            EdgeEventTypes.AlertCleared => Of<AlertCleared>(e),
            EdgeEventTypes.AgentHealth => Of<AgentHealth>(e),
            _ => throw new JsonException("An event type no agent may send"),
        };
        return new ReceivedEvent(e.Id, e.Type, e.Time.ToUniversalTime(), data, Invalid: !CanBeKept(JsonMarshal.GetRawUtf8Value(e.Data)) || !Values.CanBe(data));
    }

    private static T Of<T>(EdgeEvent e) where T : class =>
        e.Data.Deserialize<T>(EdgeBatch.Json) ?? throw new JsonException("An event without data");

    // PostgreSQL keeps no U+0000 in text or jsonb. And no printer says this much at once.
    private static bool CanBeKept(ReadOnlySpan<byte> data) => data.Length <= LargestData && data.IndexOf("\\u0000"u8) < 0;
}

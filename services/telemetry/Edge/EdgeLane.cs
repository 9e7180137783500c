using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Fleet.Telemetry.Gate;
using MassTransit;
using MassTransit.Configuration;

namespace Fleet.Telemetry.Edge;

/// <summary>A queue on exchange <c>edge</c>: one per lane, so that an alert never waits behind a thousand readings.</summary>
public static class EdgeLane
{
    // One transaction's worth.
    private const int Messages = 100;

    /// <param name="wait">How long a message may wait for others: under load, the longer the fuller the transactions.</param>
    public static Consumer Of(string lane, TimeSpan wait) => new($"edge-{lane}", (endpoint, module) =>
    {
        endpoint.PublishFaults = false;
        endpoint.ClearSerialization();
        endpoint.AddSerializer(new SystemTextJsonMessageSerializerFactory());     // for nothing, but MassTransit wants one
        endpoint.AddDeserializer(new EdgeFormat(), isDefault: true);
        endpoint.ListenTo(EdgeBatch.Exchange, $"*.*.{lane}");
        // The next batch gathers while this one is being written.
        endpoint.PrefetchCount = 2 * Messages;
        endpoint.Batch<EdgeDelivery>(batch =>
        {
            batch.MessageLimit = Messages;
            batch.TimeLimit = wait;
            batch.Consumer(() => new AcceptBatches(module));
        });
    });
}

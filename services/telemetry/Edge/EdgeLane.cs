using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Fleet.Telemetry.Gate;
using MassTransit;
using MassTransit.Configuration;

namespace Fleet.Telemetry.Edge;

/// <summary>A queue on exchange <c>edge</c>: one per lane, so that an alert never waits behind a thousand readings.</summary>
public static class EdgeLane
{
    // One transaction's worth. Waiting longer than this for a fuller one would cost an alert more than it saves the disk.
    private const int Messages = 100;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    public static Consumer Of(string lane) => new($"edge-{lane}", (endpoint, module) =>
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        endpoint.ClearSerialization();
        endpoint.AddSerializer(new SystemTextJsonMessageSerializerFactory());     // for nothing, but MassTransit wants one
        endpoint.AddDeserializer(new EdgeFormat(), isDefault: true);
        endpoint.Bind(EdgeBatch.Exchange, binding =>
        {
            binding.ExchangeType = "topic";
            binding.RoutingKey = $"*.*.{lane}";
        });
        // The next batch gathers while this one is being written.
        endpoint.PrefetchCount = 2 * Messages;
        endpoint.Batch<EdgeDelivery>(batch =>
        {
            batch.MessageLimit = Messages;
            batch.TimeLimit = Wait;
            batch.Consumer(() => new AcceptBatches(module));
        });
    });
}

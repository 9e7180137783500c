using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Edge;
using RabbitMQ.Client;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Puts batches on exchange <c>edge</c> as an agent does: persistent, confirmed, again and again until confirmed.</summary>
internal sealed class EdgePublisher(Uri broker) : IAsyncDisposable
{
    private IConnection? _connection;
    private IChannel? _channel;

    public async Task PublishAsync(EdgeDelivery delivery)
    {
        var channel = await ChannelAsync();
        var properties = new BasicProperties
        {
            ContentType = delivery.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>(),
        };
        if (delivery.Agent is not null)
            properties.Headers[EdgeBatch.AgentHeader] = delivery.Agent;
        if (delivery.Sequence is { } sequence)
            properties.Headers[EdgeBatch.SequenceHeader] = sequence;
        if (delivery.Previous is not null)
            properties.Headers[EdgeBatch.PreviousHeader] = delivery.Previous;
        if (delivery.TraceParent is not null)
            properties.Headers[EdgeBatch.TraceParentHeader] = delivery.TraceParent;
        await channel.BasicPublishAsync(EdgeBatch.Exchange, delivery.RoutingKey, mandatory: true, properties, delivery.Body);
    }

    /// <summary>An unconfirmed publish may have arrived or not; the agent sends it again, and the gate knows the difference.</summary>
    public async Task<int> PublishUntilConfirmedAsync(EdgeDelivery delivery)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                await PublishAsync(delivery).WaitAsync(TimeSpan.FromSeconds(10));
                return attempt;
            }
            catch (Exception e) when (attempt < 100 && e is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                await DisposeAsync();
            }
    }

    /// <summary>Messages ready in a queue; 0 while there is no such queue.</summary>
    public async Task<uint> CountAsync(string queue)
    {
        try
        {
            return await (await ChannelAsync()).MessageCountAsync(queue);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    private async Task<IChannel> ChannelAsync()
    {
        if (_channel is { IsOpen: true })
            return _channel;
        _connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, ClientProvidedName = "edge agent" }.CreateConnectionAsync();
        return _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null));
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
        if (_connection is not null)
            await _connection.DisposeAsync();
        (_channel, _connection) = (null, null);
    }
}

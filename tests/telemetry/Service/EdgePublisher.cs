using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Telemetry.Edge;
using Fleet.Testing;
using RabbitMQ.Client;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Puts batches on exchange <c>edge</c> as an agent does: persistent, confirmed, again and again until confirmed.</summary>
/// <param name="letIn">Told of each agent that signs with the key of tests, before its first batch.</param>
internal sealed class EdgePublisher(Uri broker, Func<AgentEnrolled, Task> letIn) : IAsyncDisposable
{
    private static readonly TimeSpan Confirm = TimeSpan.FromSeconds(10), Outage = TimeSpan.FromSeconds(60), Closing = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _known = [];
    private IConnection? _connection;
    private IChannel? _channel;

    /// <exception cref="TimeoutException">No confirm.</exception>
    public async Task PublishAsync(EdgeDelivery delivery)
    {
        if (delivery.KeyId == TestSeal.KeyId && delivery.Agent is { } agent && delivery.RoutingKey.Split('.') is [var tenant, var site, _] && _known.Add($"{tenant}/{site}/{agent}"))
            await letIn(TestSeal.Enrolled(tenant, site, agent, Samples.Noon.AddYears(-1)));
        using var limit = new CancellationTokenSource(Confirm);
        var publishing = PublishAsync(delivery, limit.Token);
        await Ending.OneAsync($"the confirm of batch {delivery.Sequence} of {delivery.Agent}", publishing, Confirm + Closing);
    }

    /// <summary>An unconfirmed publish may have arrived or not; the agent sends it again, and the gate knows the difference.</summary>
    /// <returns>How many publishes it took.</returns>
    public async Task<int> PublishUntilConfirmedAsync(EdgeDelivery delivery)
    {
        var began = TestClock.Real.GetTimestamp();
        for (var attempt = 1; ; attempt++)
            try
            {
                await PublishAsync(delivery);
                return attempt;
            }
            catch (Exception e) when (TestClock.Real.GetElapsedTime(began) < Outage
                && e is RabbitMQ.Client.Exceptions.RabbitMQClientException or IOException or TimeoutException or OperationCanceledException or ObjectDisposedException)
            {
                await DisposeAsync();
            }
    }

    private async Task PublishAsync(EdgeDelivery delivery, CancellationToken cancel)
    {
        var channel = await ChannelAsync(cancel);
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
        if (delivery.KeyId is not null)
            properties.Headers[EdgeBatch.KeyHeader] = delivery.KeyId;
        if (delivery.Signature is not null)
            properties.Headers[EdgeBatch.SignatureHeader] = delivery.Signature;
        if (delivery.TraceParent is not null)
            properties.Headers[EdgeBatch.TraceParentHeader] = delivery.TraceParent;
        await channel.BasicPublishAsync(EdgeBatch.Exchange, delivery.RoutingKey, mandatory: true, properties, delivery.Body, cancel);
    }

    /// <summary>Messages ready in a queue; 0 while there is no such queue.</summary>
    public async Task<uint> CountAsync(string queue)
    {
        try
        {
            return await (await ChannelAsync(CancellationToken.None)).MessageCountAsync(queue);
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException e) when (e.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return 0;
        }
    }

    private async Task<IChannel> ChannelAsync(CancellationToken cancel)
    {
        if (_channel is { IsOpen: true })
            return _channel;
        _connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, ClientProvidedName = "edge agent" }.CreateConnectionAsync(cancel);
        return _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), cancel);
    }

    // Of a connection that is broken, the client library may wait for answers that no longer come; nobody needs them.
    public async ValueTask DisposeAsync()
    {
        var (channel, connection) = (_channel, _connection);
        (_channel, _connection) = (null, null);
        if (channel is not null)
            await channel.DisposeAsync().AsTask().WaitAsync(Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connection is not null)
            await connection.DisposeAsync().AsTask().WaitAsync(Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

using System.Net;
using System.Security.Authentication;
using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Agent.Proxying;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Fleet.Agent.Publishing;

/// <summary>One AMQPS connection with one confirming channel. It never mends itself: whoever holds it opens the next one.</summary>
public sealed class BrokerLink : IAsyncDisposable
{
    private static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(60), CloseWithin = TimeSpan.FromSeconds(15);

    private readonly AgentConfig config;
    private readonly IConnection connection;
    private readonly IChannel channel;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource ended = new();

    private BrokerLink(AgentConfig config, IConnection connection, IChannel channel, TimeProvider clock)
    {
        (this.config, this.connection, this.channel, this.clock) = (config, connection, channel, clock);
        channel.ChannelShutdownAsync += OnShutdownAsync;
    }

    /// <summary>Cancelled when the broker or the network ends it.</summary>
    public CancellationToken Ended => ended.Token;

    /// <summary>Why it ended; null while it holds.</summary>
    public ShutdownEventArgs? Reason => channel.CloseReason ?? connection.CloseReason;

    public static async Task<BrokerLink> OpenAsync(AgentConfig config, ServerTrust trust, AccessToken token, TimeProvider clock, CancellationToken cancel)
    {
        var factory = new ConnectionFactory
        {
            HostName = config.Broker.Host,
            Port = config.Broker.Port,
            VirtualHost = config.Broker.Vhost,
            UserName = config.ClientId ?? config.AgentId,
            Password = token.Value,
            ClientProvidedName = config.AgentId,
            AutomaticRecoveryEnabled = false,       // the client's own recovery would publish again behind the spool's back
            RequestedHeartbeat = TimeSpan.FromSeconds(20),
            RequestedConnectionTimeout = TimeSpan.FromSeconds(15),
            Ssl = new SslOption
            {
                Enabled = true,
                ServerName = config.Broker.Host,
                Version = SslProtocols.Tls12 | SslProtocols.Tls13,
                CertificateValidationCallback = trust.Believes
            }
        };
        var connection = config.ProxyTo(config.Broker.Host) is { } proxy ? await ThroughAsync(proxy, factory, cancel) : await factory.CreateConnectionAsync(cancel);
        try
        {
            // No limiter of the client's own: it costs a multiple of the publish; PublishWaiting bounds its window itself.
            var options = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);
            return new(config, connection, await connection.CreateChannelAsync(options, cancel), clock);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<IConnection> ThroughAsync(ProxyConfig proxy, ConnectionFactory factory, CancellationToken cancel)
    {
        var tunnel = new TunnelSocket(await OpenTunnel.ToAsync(proxy, factory.HostName, factory.Port, cancel));
        try
        {
            factory.SocketFactory = _ => tunnel;
            factory.HostName = IPAddress.Loopback.ToString();       // the client looks its host up, and only the proxy may know the broker's name; TLS still asks for that
            return await factory.CreateConnectionAsync(cancel);
        }
        catch
        {
            tunnel.Dispose();
            throw;
        }
    }

    /// <summary>Returns when the broker has confirmed the batch; throws when it returned, refused or forgot it.</summary>
    public async Task PublishAsync(Batch batch, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var timeout = Task.Delay(ConfirmWithin, clock, patience.Token);
        var publish = channel.BasicPublishAsync(EdgeBatch.Exchange, batch.RoutingKey, mandatory: true, Properties(batch), batch.Body, patience.Token).AsTask();
        var first = await Task.WhenAny(publish, timeout);
        if (first == timeout && timeout.IsCompletedSuccessfully) throw new TimeoutException($"no confirm for batch {batch.Sequence} within {ConfirmWithin.TotalSeconds:0} s");
        try
        {
            await publish;
        }
        finally
        {
            await patience.CancelAsync();
        }
    }

    /// <summary>RabbitMQ's connection.update-secret: the connection goes on under the new token.</summary>
    public Task RenewAsync(AccessToken token, CancellationToken cancel) => connection.UpdateSecretAsync(token.Value, "token renewed", cancel);

    /// <summary>What the agent is told, until cancelled or the connection ends.</summary>
    public Task HearAsync(HearControl control, CancellationToken cancel) => control.RunAsync(connection, cancel);

    public async ValueTask DisposeAsync()
    {
        channel.ChannelShutdownAsync -= OnShutdownAsync;
        await CloseAsync(channel, clock);
        await CloseAsync(connection, clock);
        ended.Dispose();
    }

    // The client says good-bye and waits for an answer. Over a way that no longer carries anything none comes, and the next session must not wait for that.
    internal static async Task CloseAsync(IAsyncDisposable one, TimeProvider clock)
    {
        try
        {
            await one.DisposeAsync().AsTask().WaitAsync(CloseWithin, clock);
        }
        catch (TimeoutException) { } // left behind; the broker misses its heartbeats
    }

    private BasicProperties Properties(Batch batch)
    {
        var headers = new Dictionary<string, object?>
        {
            [EdgeBatch.AgentHeader] = config.AgentId,
            [EdgeBatch.SequenceHeader] = batch.Sequence,
            [EdgeBatch.PreviousHeader] = batch.Previous,
            [EdgeBatch.KeyHeader] = batch.KeyId,
            [EdgeBatch.SignatureHeader] = batch.Signature
        };
        if (batch.TraceParent is not null) headers[EdgeBatch.TraceParentHeader] = batch.TraceParent;
        return new()
        {
            ContentType = EdgeBatch.ContentType,
            ContentEncoding = Encoding.UTF8.WebName,
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = $"{config.AgentId}/{batch.Sequence}",
            Headers = headers
        };
    }

    private async Task OnShutdownAsync(object sender, ShutdownEventArgs reason) => await ended.CancelAsync();
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Testing;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Faults.Tests;

/// <summary>
/// An agent as the border sees one: gapless sequence, batches in order, each published again, unchanged, until the broker has confirmed it.
/// </summary>
internal sealed class EdgeLoad(Uri broker, string tenant, string agent, int devices, Ledger ledger, TimeProvider clock)
{
    private static readonly TimeSpan Confirm = TimeSpan.FromSeconds(5), Pause = TimeSpan.FromMilliseconds(250);

    private long _sequence;
    private string _previous = new('0', 64);

    public long Sequence => _sequence;

    /// <summary>What identity announces of it; its batches wait for that.</summary>
    public AgentEnrolled Enrolled => TestSeal.Enrolled(tenant, "hq", agent, clock.GetUtcNow());

    /// <summary>Publishes one batch, one event a device, every <paramref name="every"/>, until told to stop; then what is in hand is still delivered.</summary>
    public async Task RunAsync(TimeSpan every, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(every, clock);
        var link = new Link(broker, $"fleet faults {agent}");
        await using (link)
            while (!stop.IsCancellationRequested)
            {
                var events = Events();
                foreach (var e in events)
                    ledger.Attempt(e.Id);
                await DeliverAsync(link, ++_sequence, JsonSerializer.SerializeToUtf8Bytes(events, EdgeBatch.Json));
                foreach (var e in events)
                    ledger.Acknowledge(e.Id);
                try
                {
                    await timer.WaitForNextTickAsync(stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
    }

    private async Task DeliverAsync(Link link, long sequence, byte[] body)
    {
        var properties = new BasicProperties
        {
            ContentType = EdgeBatch.ContentType,
            DeliveryMode = DeliveryModes.Persistent,
            Headers = new Dictionary<string, object?>
            {
                [EdgeBatch.AgentHeader] = agent,
                [EdgeBatch.SequenceHeader] = sequence,
                [EdgeBatch.PreviousHeader] = _previous,
                [EdgeBatch.KeyHeader] = TestSeal.KeyId,
                [EdgeBatch.SignatureHeader] = TestSeal.Sign(agent, sequence, _previous, body),
            },
        };
        while (true)
        {
            try
            {
                using var patience = new CancellationTokenSource(Confirm, clock);
                var channel = await link.ChannelAsync(patience.Token);
                await channel.BasicPublishAsync(
                    EdgeBatch.Exchange, EdgeBatch.RoutingKey(tenant, "hq", EdgeBatch.ReadingLane), mandatory: true, properties, body, patience.Token);
                _previous = Convert.ToHexStringLower(SHA256.HashData(body));
                return;
            }
            catch (Exception e) when (e is OperationCanceledException or RabbitMQClientException or IOException or ObjectDisposedException)
            {
                // No confirm: it may have arrived or not. The same batch goes again; the gate knows it by its number.
                await link.BreakAsync();
                await Task.Delay(Pause, clock);
            }
        }
    }

    private List<EdgeEvent> Events()
    {
        var now = clock.GetUtcNow();
        return [.. Enumerable.Range(1, devices).Select(device =>
        {
            var serial = string.Create(CultureInfo.InvariantCulture, $"{agent}-{device:000}");
            var read = new MeterRead(
                new DeviceRef(serial, "Fault", serial), new ProfileRef("generic", 1),
                [new CounterRead("life", _sequence + 1, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1")]);
            return new EdgeEvent(
                "1.0", Guid.CreateVersion7(now), $"/tenants/{tenant}/sites/hq/agents/{agent}", EdgeEventTypes.MeterRead, now, "application/json", tenant,
                JsonSerializer.SerializeToElement(read, EdgeBatch.Json));
        })];
    }

    private sealed class Link(Uri broker, string name) : IAsyncDisposable
    {
        private IConnection? _connection;
        private IChannel? _channel;

        public async Task<IChannel> ChannelAsync(CancellationToken cancel)
        {
            if (_channel is { IsOpen: true })
                return _channel;
            await BreakAsync();
            var factory = new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false, ClientProvidedName = name };
            _connection = await factory.CreateConnectionAsync(cancel);
            return _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(true, true), cancel);
        }

        public async Task BreakAsync()
        {
            var connection = _connection;
            (_channel, _connection) = (null, null);
            if (connection is null)
                return;
            try
            {
                await connection.DisposeAsync().AsTask().WaitAsync(Confirm);
            }
            catch (Exception e) when (e is RabbitMQClientException or IOException or OperationCanceledException or TimeoutException)
            {
                // it was broken already: nobody needs the answers it may wait for
            }
        }

        public async ValueTask DisposeAsync() => await BreakAsync();
    }
}

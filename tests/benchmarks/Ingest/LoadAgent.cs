using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Telemetry.Edge;
using RabbitMQ.Client;

namespace Fleet.Benchmarks.Ingest;

/// <summary>One agent as the border sees it: a key of its own, a connection of its own, a chain of signed batches, confirmed by the broker. All is signed before the clock runs.</summary>
internal sealed class LoadAgent : IAsyncDisposable
{
    private const string Tenant = "acme";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly int _devices;
    private readonly string _site, _agent;
    private readonly DateTimeOffset _began;
    private long _sequence;
    private int _readings;
    private string _previous = new('0', 64);
    private IConnection? _connection;
    private IChannel? _channel;

    public LoadAgent(int number, int devices, DateTimeOffset began)
    {
        (_devices, _began) = (devices, began);
        (_site, _agent) = (string.Create(CultureInfo.InvariantCulture, $"s{number}"), string.Create(CultureInfo.InvariantCulture, $"agent-{number}"));
        var q = _key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y));
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
        Enrolled = new(Tenant, _site, _agent, thumbprint, x, y, began);
    }

    public AgentEnrolled Enrolled { get; }

    /// <summary>Its devices, described.</summary>
    public IReadOnlyList<EdgeDelivery> Describe(int events) => Cut(Enumerable.Range(0, _devices).Select(device => Event(new DeviceSeen(
        Ref(device), new ProfileRef("kyocera", 3), "ECOSYS P2040dn", null, null, "2S1_2000.005.012", "1.3.6.1.4.1.1347.41"), _began)), events);

    /// <summary>The next readings: a device after the other, each with more pages than the last time, a minute later.</summary>
    /// <param name="events">In a batch.</param>
    public IReadOnlyList<EdgeDelivery> Read(int batches, int events) => Cut(Enumerable.Range(0, batches * events).Select(_ =>
    {
        var (device, round) = (_readings % _devices, _readings++ / _devices);
        var pages = 1_000 + (device * 7) + (round * 3);
        CounterRead[] counters =
        [
            new("total", pages, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1"), new("print.mono", pages / 2, "impressions", "1.3.6.1.4.1.1347.42.3.1.2.1.1.1.1"),
            new("copy.mono", pages / 3, "impressions", "1.3.6.1.4.1.1347.42.3.1.2.1.1.1.2"), new("scan", pages / 4, "impressions", "1.3.6.1.4.1.1347.46.10.1.1.5.3"),
        ];
        return Event(new MeterRead(Ref(device), new ProfileRef("kyocera", 3), counters), _began.AddMinutes(round + 1));
    }), events);

    /// <param name="broker">amqps.</param>
    public async Task ConnectAsync(Uri broker, ServerTrust trust)
    {
        var factory = new ConnectionFactory { Uri = broker, ClientProvidedName = _agent };
        factory.Ssl.CertificateValidationCallback = trust.Believes;
        _connection = await factory.CreateConnectionAsync();
        _channel = await _connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
    }

    public async Task PublishAsync(IReadOnlyList<EdgeDelivery> batches, int unconfirmed)
    {
        foreach (var window in batches.Chunk(unconfirmed))
            await Task.WhenAll(window.Select(batch => _channel!.BasicPublishAsync(EdgeBatch.Exchange, batch.RoutingKey, mandatory: true, Properties(batch), batch.Body).AsTask()));
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        if (_connection is not null)
            await _connection.DisposeAsync();
    }

    private DeviceRef Ref(int device)
    {
        var serial = string.Create(CultureInfo.InvariantCulture, $"{_site}-{device:00000}");
        return new(serial, "Kyocera", serial);
    }

    private EdgeEvent Event(object data, DateTimeOffset at) => new(
        "1.0", Guid.CreateVersion7(at), $"/tenants/{Tenant}/sites/{_site}/agents/{_agent}", data is MeterRead ? EdgeEventTypes.MeterRead : EdgeEventTypes.DeviceSeen, at, "application/json", Tenant,
        JsonSerializer.SerializeToElement(data, data.GetType(), EdgeBatch.Json));

    private List<EdgeDelivery> Cut(IEnumerable<EdgeEvent> events, int most) => [.. events.Chunk(most).Select(Sign)];

    private EdgeDelivery Sign(EdgeEvent[] events)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(events, EdgeBatch.Json);
        var statement = BatchStatement.Of(_agent, ++_sequence, _previous, body);
        var signature = Base64Url.EncodeToString(_key.SignData(statement.Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        var delivery = new EdgeDelivery(EdgeBatch.RoutingKey(Tenant, _site, EdgeBatch.ReadingLane), EdgeBatch.ContentType, _agent, _sequence, _previous, null, body, Enrolled.KeyId, signature);
        _previous = Convert.ToHexStringLower(SHA256.HashData(body));
        return delivery;
    }

    private static BasicProperties Properties(EdgeDelivery batch) => new()
    {
        ContentType = batch.ContentType,
        DeliveryMode = DeliveryModes.Persistent,
        Headers = new Dictionary<string, object?>
        {
            [EdgeBatch.AgentHeader] = batch.Agent,
            [EdgeBatch.SequenceHeader] = batch.Sequence,
            [EdgeBatch.PreviousHeader] = batch.Previous,
            [EdgeBatch.KeyHeader] = batch.KeyId,
            [EdgeBatch.SignatureHeader] = batch.Signature,
        },
    };
}

using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Agent.Configuration;
using Fleet.Cli.Local;
using Fleet.Contracts.Edge.V1;
using Fleet.Simulator.Commands;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Testing;
using RabbitMQ.Client;

namespace Fleet.Flows.Tests.TwoAgents;

/// <summary>What an agent said of a device, as it passed the exchange `edge`.</summary>
internal sealed record Said(string Agent, string Type, DateTimeOffset Time, string Device);

/// <summary>Virtual printers, identity, consent and telemetry, a broker that is listened to, and as many agents of one site as wanted.</summary>
internal sealed class SiteOfTwo : IAsyncDisposable
{
    public const int Printers = 6;

    private const string Secret = "thirty-two bytes that only this test knows";
    private static readonly string[] Agents = ["hq-1", "hq-2"];

    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-two-").FullName;
    private readonly List<Said> _said = [];
    private RunningPrinters _printers = null!;
    private IConnection _broker = null!;
    private IChannel _channel = null!;
    private string _queue = "";

    public RunningService Service { get; private set; } = null!;

    /// <summary>What passed so far, of devices only.</summary>
    public IReadOnlyList<Said> Heard => _said;

    public static async Task<SiteOfTwo> OpenAsync()
    {
        var site = new SiteOfTwo();
        var servers = await SharedServers.StartedAsync();
        var url = $"http://127.0.0.1:{Ports.Free()}";
        var clients = Path.Combine(site._directory, "clients.json");
        await File.WriteAllTextAsync(clients, JsonSerializer.Serialize(
            Agents.Select(id => new { clientId = id, secretHash = Cli.Local.Secret.Hash(Secret), role = "agent", tenant = "acme", site = "hq", agent = id }), JsonSerializerOptions.Web));
        await File.WriteAllTextAsync(Path.Combine(site._directory, "secret"), Secret);
        site.Service = await RunningService.StartAsync(
            [("FLEET_HTTP_URL", url), ("FLEET_PUBLIC_URL", url), ("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile), ("FLEET_IDENTITY_CLIENTS", clients)],
            Identity.Identity.Module, Consent.Consent.Module, Telemetry.Telemetry.Module);
        site._printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(11, Printers, TenantSplit.Parse("acme:1"), 18300), 0, site.Service.Clock);
        await site.ListenAsync();
        await site.ConsentAsync();
        return site;
    }

    public async Task<RunningAgent> StartAsync(string id)
    {
        var servers = await SharedServers.StartedAsync();
        var wire = new Wire(Service.Address);
        var often = TimeSpan.FromSeconds(1);
        return new(new AgentConfig(
            "acme", "hq", id, new BrokerConfig("localhost", servers.Broker.AmqpsPort, servers.Broker.CaFile, Service.Place.VirtualHost),
            StateDir: Path.Combine(_directory, id), TokenUrl: $"{Service.Address}oauth/token", Api: wire.Address.GetLeftPart(UriPartial.Authority), ClientId: id, SecretFile: Path.Combine(_directory, "secret"),
            Targets: [.. _printers.Manifest.Select(entry => new TargetConfig(entry.Address, entry.Port, entry.Community))],
            MetersEvery: often, SuppliesEvery: often, AlertsEvery: often, Page: new(0)), wire, new HastyClock(Service.Clock));
    }

    /// <summary>Reads what has passed since the last time; then tells whether this holds for all of it.</summary>
    public Task HearAsync(string what, Func<IReadOnlyList<Said>, bool> enough) => Eventually.IsAsync(what, async () =>
    {
        while (await _channel.BasicGetAsync(_queue, autoAck: true) is { } message)
        {
            var agent = Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![EdgeBatch.AgentHeader]!);
            _said.AddRange(JsonSerializer.Deserialize<List<EdgeEvent>>(message.Body.Span, EdgeBatch.Json)!
                .Where(e => e.Data.TryGetProperty("device", out _)).Select(e => new Said(agent, e.Type, e.Time, e.Data.GetProperty("device").GetProperty("serial").GetString()!)));
        }
        return _said;
    }, enough, TimeSpan.FromSeconds(60));

    public async Task<IReadOnlyList<JsonNode>> DevicesAsync()
    {
        using var http = Service.As("technician", "acme");
        return await http.AllAsync("/api/v1/tenants/acme/devices");
    }

    public async ValueTask DisposeAsync()
    {
        await Ending.AllAsync(
            ("the listening channel to close", () => _channel.DisposeAsync().AsTask()),
            ("the listening connection to close", () => _broker.DisposeAsync().AsTask()),
            ("the virtual printers to end", () => _printers.DisposeAsync().AsTask()),
            ("the services to end", () => Service.DisposeAsync().AsTask()));
        Directory.Delete(_directory, recursive: true);
    }

    private async Task ListenAsync()
    {
        _broker = await new ConnectionFactory { Uri = Service.Place.BrokerOf("fleet-admin") }.CreateConnectionAsync();
        _channel = await _broker.CreateChannelAsync();
        _queue = (await _channel.QueueDeclareAsync("", durable: false, exclusive: true, autoDelete: true)).QueueName;
        await _channel.QueueBindAsync(_queue, EdgeBatch.Exchange, "acme.hq.#");
    }

    private async Task ConsentAsync()
    {
        using var customer = Service.As("customer-admin", "acme");
        using var answer = await customer.PostAsJsonAsync("/api/v1/tenants/acme/consents/grant", new
        {
            purposes = new[] { "fleet-management" },
            features = new[] { "remote-monitoring" },
            fieldGroups = new[] { "identity", "network-address", "counters", "supplies", "status" },
        });
        answer.EnsureSuccessStatusCode();
        await Service.SettledAsync();
    }
}

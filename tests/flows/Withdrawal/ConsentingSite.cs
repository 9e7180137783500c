using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Agent.Configuration;
using Fleet.Cli.Local;
using Fleet.Flows.Tests.TwoAgents;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Withdrawal;

/// <summary>A customer's site: printers that write down every request, an agent that visits them each second, and the services that say what it may ask.</summary>
internal sealed class ConsentingSite : IAsyncDisposable
{
    public const int Printers = 4;

    private const string Secret = "thirty-two bytes that only this test knows";

    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-consent-").FullName;
    private RunningService _service = null!;
    private PacketLog _log = null!;
    private RunningPrinters _printers = null!;
    private RunningAgent _agent = null!;

    private string LogFile => Path.Combine(_directory, "packets.jsonl");

    public static async Task<ConsentingSite> OpenAsync(params string[] fieldGroups)
    {
        var site = new ConsentingSite();
        var servers = await SharedServers.StartedAsync();
        var url = $"http://127.0.0.1:{Ports.Free()}";
        var clients = Path.Combine(site._directory, "clients.json");
        await File.WriteAllTextAsync(clients, JsonSerializer.Serialize(
            new[] { new { clientId = "acme-hq", secretHash = Cli.Local.Secret.Hash(Secret), role = "agent", tenant = "acme", site = "hq", agent = "acme-hq" } }, JsonSerializerOptions.Web));
        await File.WriteAllTextAsync(Path.Combine(site._directory, "secret"), Secret);
        site._service = await RunningService.StartAsync(
            [("FLEET_HTTP_URL", url), ("FLEET_PUBLIC_URL", url), ("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile), ("FLEET_IDENTITY_CLIENTS", clients)],
            Identity.Identity.Module, Consent.Consent.Module, Telemetry.Telemetry.Module);
        site._log = new(site.LogFile);
        site._printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(12, Printers, TenantSplit.Parse("acme:1"), 18301), 0, site._service.Clock, log: site._log);
        await site.ChangeAsync("grant", new { purposes = new[] { "fleet-management" }, features = new[] { "remote-monitoring" }, fieldGroups });
        await site._service.SettledAsync();
        site._agent = site.Agent(servers.Broker.AmqpsPort, servers.Broker.CaFile);
        return site;
    }

    /// <summary>Every request of a printer since a moment.</summary>
    public IReadOnlyList<PacketLogLine> AskedSince(DateTimeOffset moment) =>
        [.. File.ReadLines(LogFile).Select(line => JsonSerializer.Deserialize<PacketLogLine>(line, JsonSerializerOptions.Web)!).Where(line => line.At >= moment)];

    /// <summary>The customer grants or withdraws; returns when that was answered.</summary>
    public async Task<DateTimeOffset> ChangeAsync(string what, object names)
    {
        using var customer = _service.As("customer-admin", "acme");
        using var answer = await customer.PostAsJsonAsync($"/api/v1/tenants/acme/consents/{what}", names);
        answer.EnsureSuccessStatusCode();
        return _service.Clock.GetUtcNow();
    }

    public async Task<IReadOnlyList<JsonNode>> DevicesAsync()
    {
        using var http = _service.As("technician", "acme");
        return await http.AllAsync("/api/v1/tenants/acme/devices");
    }

    public Task LaterAsync(DateTimeOffset moment) =>
        moment - _service.Clock.GetUtcNow() is var left && left > TimeSpan.Zero ? Task.Delay(left, _service.Clock) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _printers.DisposeAsync();
        await _log.DisposeAsync();
        await _service.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private RunningAgent Agent(int amqps, string caFile)
    {
        var wire = new Wire(_service.Address);
        var often = TimeSpan.FromSeconds(1);
        return new(new AgentConfig(
            "acme", "hq", "acme-hq", new BrokerConfig("localhost", amqps, caFile, _service.Place.VirtualHost),
            StateDir: Path.Combine(_directory, "agent"), TokenUrl: $"{_service.Address}oauth/token", Api: wire.Address.GetLeftPart(UriPartial.Authority), ClientId: "acme-hq", SecretFile: Path.Combine(_directory, "secret"),
            Targets: [.. _printers.Manifest.Select(entry => new TargetConfig(entry.Address, entry.Port, entry.Community))],
            MetersEvery: often, SuppliesEvery: often, AlertsEvery: often, Page: new(0)), wire, _service.Clock);
    }
}

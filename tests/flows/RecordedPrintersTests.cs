using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Cli.Local;
using Fleet.Testing;

namespace Fleet.Flows.Tests;

/// <summary>
/// Recordings of real printers -> snmpd -> the agent -> AMQPS -> the gate -> streams -> API: what the notes on the devices state is what the API says.
/// </summary>
public class RecordedPrintersTests
{
    private static readonly string[] Communities =
        ["pm-kyocera-p2040", "sharp", "br-dcp-9020cdw", "ricoh_mpc3002"];

    private const string Secret = "thirty-two bytes that only this test knows";
    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-flows-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private RunningService _service = null!;
    private Peer _snmpd = null!;
    private Task _agent = Task.CompletedTask;
    private IReadOnlyList<JsonNode> _devices = [];

    [OneTimeSetUp]
    public async Task RunTheAgentAsync()
    {
        var servers = await SharedServers.StartedAsync();
        _snmpd = await SnmpdAsync();
        _service = await StartServicesAsync(servers);
        await ConsentAsync();
        _agent = RunAgentAsync(servers);
        using var http = _service.As("technician", "acme");
        await Eventually.IsAsync(
            $"{Communities.Length} devices with counters", async () =>
            {
                _devices = await http.AllAsync("/api/v1/tenants/acme/devices");
                return string.Join(", ", _devices.Where(d => d["counters"]!.AsArray().Count > 0).Select(d => d["serial"] ?? d["id"]));
            },
            seen => seen.Split(',').Length == Communities.Length, TimeSpan.FromMinutes(2));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _agent;
        _stop.Dispose();
        if (_service is not null)
            await _service.DisposeAsync();
        _snmpd?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [TestCase("VD21457943", "total", 7342, "1.3.6.1.4.1.1347.43.10.1.1.12.1.1")]
    [TestCase("VD21457943", "life", 7432, "1.3.6.1.2.1.43.10.2.1.4.1.1")]
    [TestCase("6509415X00", "mono", 91164, null)]
    [TestCase("6509415X00", "color", 29940, null)]
    [TestCase("E71833C4J372261", "total", 4939, null)]
    [TestCase("E71833C4J372261", "mono", 1762, null)]
    [TestCase("E71833C4J372261", "color", 3177, null)]
    [TestCase("6509415X00", "life", 121104, "1.3.6.1.2.1.43.10.2.1.4.1.1")]
    public void A_counter_is_what_the_notes_state(string serial, string counter, long value, string? oid)
    {
        var found = Device(serial)["counters"]!.AsArray().Single(c => c!["name"]!.GetValue<string>() == counter)!;
        Assert.That(found["value"]!.GetValue<long>(), Is.EqualTo(value));
        if (oid is not null)
            Assert.That(found["oid"]!.GetValue<string>(), Is.EqualTo(oid));
    }

    [Test]
    public async Task No_percentage_is_invented()
    {
        using var http = _service.As("technician", "acme");
        var seen = 0;
        foreach (var device in _devices)
            foreach (var supply in (await http.JsonAsync($"/api/v1/tenants/acme/devices/{device["id"]}/supplies"))["items"]!.AsArray())
            {
                seen++;
                var (level, capacity, percent) = (supply!["level"]?.GetValue<long>(), supply["capacity"]?.GetValue<long>(), supply["percent"]?.GetValue<decimal>());
                if (percent is not null)
                    Assert.That(percent, Is.EqualTo(Math.Round(100m * level!.Value / capacity!.Value, 1)).Within(0.1m), $"{supply}");
                if (supply["state"]!.GetValue<string>() != "measured")
                    Assert.That((level, percent), Is.EqualTo(((long?)null, (decimal?)null)), $"{supply}");
            }
        Assert.That(seen, Is.GreaterThan(20));
    }

    [Test]
    public void A_host_that_prints_nothing_is_no_device() =>
        Assert.That(_devices.Select(d => d["address"]?.GetValue<string>()), Has.None.EqualTo("127.0.0.99"), "net-snmp's snmpd answers there");

    private JsonNode Device(string serial) => _devices.Single(d => d["serial"]?.GetValue<string>() == serial);

    private static Task<Peer> SnmpdAsync() => Peer.StartAsync(Needs.Program("snmpd"), (folder, endPoint) =>
    {
        var configuration = Path.Combine(folder, "snmpd.conf");
        File.WriteAllText(configuration, "rocommunity public 127.0.0.0/8\nsysLocation Cellar 2\n");
        return ["-f", "-Lo", "-C", "-c", configuration, "-p", Path.Combine(folder, "snmpd.pid"), "-I", "-usmConf", $"udp:0.0.0.0:{endPoint.Port}"];
    }, community: "public");

    private async Task<RunningService> StartServicesAsync(TestServers servers)
    {
        var clients = Path.Combine(_directory, "clients.json");
        await File.WriteAllTextAsync(clients, JsonSerializer.Serialize(
            new[] { new { clientId = "acme-hq", secretHash = Cli.Local.Secret.Hash(Secret), role = "agent", tenant = "acme", site = "hq", agent = "acme-hq" } }, JsonSerializerOptions.Web));
        var url = $"http://127.0.0.1:{Ports.Free()}";
        return await RunningService.StartAsync(
            [("FLEET_HTTP_URL", url), ("FLEET_PUBLIC_URL", url), ("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile), ("FLEET_IDENTITY_CLIENTS", clients)],
            Identity.Identity.Module, Consent.Consent.Module, Telemetry.Telemetry.Module);
    }

    private async Task ConsentAsync()
    {
        using var customer = _service.As("customer-admin", "acme");
        using var answer = await customer.PostAsJsonAsync("/api/v1/tenants/acme/consents/grant", new
        {
            purposes = new[] { "fleet-management", "billing" },
            features = new[] { "remote-monitoring" },
            fieldGroups = new[] { "identity", "network-address", "location", "counters", "supplies", "status", "firmware" },
        });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.Created), await answer.Content.ReadAsStringAsync());
        await _service.SettledAsync();
    }

    private Task RunAgentAsync(TestServers servers)
    {
        var secret = Path.Combine(_directory, "secret");
        File.WriteAllText(secret, Secret);
        var config = new AgentConfig(
            "acme", "hq", "acme-hq", new BrokerConfig("localhost", servers.Broker.AmqpsPort, servers.Broker.CaFile, _service.Place.VirtualHost),
            Path.Combine(_directory, "agent"), $"{_service.Address}oauth/token", "acme-hq", secret,
            [
                .. Communities.Zip(RecordedPrinters.Addresses, (community, address) => new TargetConfig(address, Recordings.Peer.EndPoint.Port, community)),
                new TargetConfig("127.0.0.99", _snmpd.EndPoint.Port, "public"),
            ],
            // snmpsimd answers slowly at first: who was silent is asked again soon.
            MetersEvery: TimeSpan.FromSeconds(15), SuppliesEvery: TimeSpan.FromSeconds(15), AlertsEvery: TimeSpan.FromSeconds(15));
        var around = new Surroundings(TestClock.Real, bytes => RandomNumberGenerator.Fill(bytes), new AgentLog(TestContext.Progress, TestClock.Real));
        return Task.Run(async () =>
        {
            using var spool = AgentRun.OpenSpool(config, around);
            await AgentRun.RunAsync(config, spool, around, _stop.Token);
        });
    }
}

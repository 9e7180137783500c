using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Flows.Tests.Installed;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Flows.Tests.NewCustomer;

/// <summary>A dealer's new customer, from nothing: directory, consent and telemetry as they run, printers that write down every request, and the agent's own program.</summary>
internal sealed class NewCustomer : IAsyncDisposable
{
    public const int Printers = 4;

    private const string ClientSecret = "thirty-two bytes that only this test knows";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-new-customer-").FullName;
    private PacketLog _packets = null!;
    private Process? _agent;

    public RunningService Service { get; private set; } = null!;
    public RunningPrinters Devices { get; private set; } = null!;
    public HttpClient Boss { get; private set; } = null!;
    public HttpClient Dealer { get; private set; } = null!;

    private string Config => In("config.json");

    public static async Task<NewCustomer> OpenAsync()
    {
        var customer = new NewCustomer();
        var servers = await SharedServers.StartedAsync();
        object Client(string clientId, string role, string? provider = null, string? tenant = null) => new { clientId, secretHash = Secret.Hash(ClientSecret), role, provider, tenant };
        await File.WriteAllTextAsync(customer.In("clients.json"), JsonSerializer.Serialize(
            new[] { Client("dealer", "provider-admin", provider: "demo-dealer"), Client("boss", "customer-admin", tenant: "acme") }, JsonSerializerOptions.Web));
        var url = $"http://127.0.0.1:{Ports.Free()}";
        customer.Service = await RunningService.StartAsync(
            [
                ("FLEET_HTTP_URL", url), ("FLEET_ISSUER", url), ("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile), ("FLEET_IDENTITY_CLIENTS", customer.In("clients.json")),
                ("FLEET_REGION_AMQPS", $"amqps://localhost:{servers.Broker.AmqpsPort}")
            ],
            Identity.Identity.Module, Consent.Consent.Module, Telemetry.Telemetry.Module);
        customer._packets = new(customer.In("packets.jsonl"));
        customer.Devices = await RunningPrinters.StartAsync(PlacedPrinter.Place(31, Printers, TenantSplit.Parse("acme:1"), 18501), 0, customer.Service.Clock, log: customer._packets);
        using (var dealer = await customer.AsAsync("dealer"))
        {
            (await dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "acme", name = "Acme" })).EnsureSuccessStatusCode();
            (await dealer.PostAsJsonAsync("/api/v1/tenants/acme/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
        }
        (customer.Boss, customer.Dealer) = (await customer.AsAsync("boss"), await customer.AsAsync("dealer")); // a token lists the tenants there are when it is issued
        return customer;
    }

    /// <summary>fleet-agent enrol shows a code, the customer's administrator approves it; then fleet-agent run.</summary>
    public async Task EnrolAndRunAsync()
    {
        var ca = (await SharedServers.StartedAsync()).Broker.CaFile;
        using (var enrol = Program("enrol", "--api", Service.Address.ToString().TrimEnd('/'), "--config", Config, "--ca", ca, "--json"))
        {
            var code = (string)JsonNode.Parse((await enrol.StandardOutput.ReadLineAsync().WaitAsync(Patience))!)!["userCode"]!;
            (await Boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments", new { userCode = code, site = "hq" })).EnsureSuccessStatusCode();
            await enrol.WaitForExitAsync().WaitAsync(Patience);
            Assert.That(enrol.ExitCode, Is.Zero);
        }
        var config = JsonNode.Parse(await File.ReadAllTextAsync(Config))!.AsObject();
        config["broker"]!["vhost"] = Service.Place.VirtualHost;
        config["targets"] = new JsonArray([.. Devices.Manifest.Select(printer => new JsonObject { ["address"] = printer.Address, ["port"] = printer.Port, ["community"] = printer.Community })]);
        (config["metersEvery"], config["suppliesEvery"], config["alertsEvery"], config["page"]) = ("1s", "1s", "1s", new JsonObject { ["port"] = Ports.Free() });
        await File.WriteAllTextAsync(Config, config.ToJsonString());
        _agent = Program("run", "--config", Config);
        _agent.OutputDataReceived += (_, line) => { lock (_log) _log.Add(line.Data ?? ""); };
        _agent.ErrorDataReceived += (_, line) => { lock (_log) _log.Add(line.Data ?? ""); };
        _agent.BeginOutputReadLine();
        _agent.BeginErrorReadLine();
    }

    private readonly List<string> _log = [];

    public bool HasSaid(string words)
    {
        lock (_log)
            return _log.Any(line => line.Contains(words, StringComparison.Ordinal));
    }

    /// <summary>The customer's administrator, in the portal, with the text on the screen; returns when that was answered.</summary>
    public async Task<DateTimeOffset> GrantAsync(object names)
    {
        var text = (await Boss.GetFromJsonAsync<JsonNode>("/api/v1/tenants/acme/consents?language=de"))!["text"]!;
        var body = JsonSerializer.SerializeToNode(names, JsonSerializerOptions.Web)!.AsObject();
        (body["how"], body["text"]) = ("portal", new JsonObject { ["version"] = (string?)text["version"], ["language"] = (string?)text["language"], ["hash"] = (string?)text["hash"] });
        using var answer = await Boss.PostAsJsonAsync("/api/v1/tenants/acme/consents/grant", body);
        Assert.That(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return Service.Clock.GetUtcNow();
    }

    /// <summary>The local page of the agent, signed in to.</summary>
    public async Task<InstalledPage> PageAsync()
    {
        using var program = Program("page", "--config", Config);
        var page = new InstalledPage(new((await program.StandardOutput.ReadToEndAsync().WaitAsync(Patience)).Trim()));
        await page.SignInAsync();
        return page;
    }

    /// <summary>Every request of a printer since a moment.</summary>
    public IReadOnlyList<PacketLogLine> AskedSince(DateTimeOffset moment)
    {
        var written = File.ReadAllText(In("packets.jsonl"));
        // The last line may be half written at this moment.
        return
        [
            .. written[..(written.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<PacketLogLine>(line, JsonSerializerOptions.Web)!).Where(line => line.At >= moment),
        ];
    }

    /// <summary>How many stored events and rows of telemetry hold one of these words.</summary>
    public async Task<long> StoredWithAsync(IEnumerable<string> words)
    {
        await using var source = NpgsqlDataSource.Create(Service.Place.DatabaseOf("telemetry").Owner);
        await using var command = source.CreateCommand(
            "select (select count(*) from telemetry.mt_events where data::text like any ($1) or headers::text like any ($1)) + (select count(*) from telemetry.devices d where d::text like any ($1))");
        command.Parameters.Add(new() { Value = words.Select(word => $"%{word}%").ToArray() });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public Task LaterAsync(DateTimeOffset moment) =>
        moment - Service.Clock.GetUtcNow() is var left && left > TimeSpan.Zero ? Task.Delay(left, Service.Clock) : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_agent is { HasExited: false })
        {
            _agent.Kill();
            await _agent.WaitForExitAsync();
        }
        _agent?.Dispose();
        lock (_log) TestContext.Out.WriteLine(string.Join('\n', _log));
        Boss?.Dispose();
        Dealer?.Dispose();
        if (Devices is not null) await Devices.DisposeAsync();
        await _packets.DisposeAsync();
        await Service.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private string In(string name) => Path.Combine(_directory, name);

    private Process Program(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet-agent.dll"), .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        WorkingDirectory = _directory,
    })!;

    private async Task<HttpClient> AsAsync(string client)
    {
        using var anybody = Service.With();
        using var answer = await anybody.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = ClientSecret }));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.IsSuccessStatusCode, Is.True, body);
        var http = Service.With();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)JsonNode.Parse(body)!["access_token"]!);
        return http;
    }
}

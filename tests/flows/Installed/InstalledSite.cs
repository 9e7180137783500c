using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Cli.Packing;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Installed;

/// <summary>A customer's site with virtual printers, the services it reports to with their own issuer, and the agent as `./fleet agent pack` makes it.</summary>
internal sealed class InstalledSite : IAsyncDisposable
{
    public const int Printers = 3;

    private const string Secret = "thirty-two bytes that only this test knows";

    private readonly string _directory = Directory.CreateTempSubdirectory("fleet-installed-").FullName;

    public RunningService Service { get; private set; } = null!;

    public RunningPrinters Devices { get; private set; } = null!;

    /// <summary>The customer's administrator.</summary>
    public HttpClient Boss { get; private set; } = null!;

    public string Program { get; private set; } = "";

    public string Origin => Service.Address.ToString().TrimEnd('/');

    public string ConfigFile => In("config.json");

    public string In(string name) => Path.Combine(_directory, name);

    public static async Task<InstalledSite> OpenAsync()
    {
        var site = new InstalledSite();
        await site.UnpackAsync();
        var servers = await SharedServers.StartedAsync();
        object Person(string clientId, string role, string? provider = null, string? tenant = null) => new { clientId, secretHash = Cli.Local.Secret.Hash(Secret), role, provider, tenant };
        await File.WriteAllTextAsync(site.In("clients.json"), JsonSerializer.Serialize(
            new[] { Person("dealer", "provider-admin", provider: "demo-dealer"), Person("boss", "customer-admin", tenant: "acme") }, JsonSerializerOptions.Web));
        var url = $"http://127.0.0.1:{Ports.Free()}";
        site.Service = await RunningService.StartAsync(
            [
                ("FLEET_HTTP_URL", url), ("FLEET_ISSUER", url), ("FLEET_IDENTITY_KEY", servers.Broker.SigningKeyFile), ("FLEET_IDENTITY_CLIENTS", site.In("clients.json")),
                ("FLEET_REGION_COUNTRY", "AT"), ("FLEET_REGION_AMQPS", $"amqps://localhost:{servers.Broker.AmqpsPort}")
            ],
            Identity.Identity.Module, Consent.Consent.Module, Telemetry.Telemetry.Module);
        using (var dealer = await site.AsAsync("dealer"))
        {
            (await dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "acme", name = "Acme" })).EnsureSuccessStatusCode();
            (await dealer.PostAsJsonAsync("/api/v1/tenants/acme/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
        }
        site.Boss = await site.AsAsync("boss");
        (await site.Boss.PostAsJsonAsync("/api/v1/tenants/acme/consents/grant", new
        {
            purposes = new[] { "fleet-management" },
            features = new[] { "remote-monitoring" },
            fieldGroups = new[] { "identity", "network-address", "counters", "supplies", "status" },
        })).EnsureSuccessStatusCode();
        await site.Service.SettledAsync();
        site.Devices = await RunningPrinters.StartAsync(PlacedPrinter.Place(21, Printers, TenantSplit.Parse("acme:1"), 18400), 0, site.Service.Clock);
        return site;
    }

    /// <summary>The program, with nothing of this process's environment.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _directory };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        return Process.Start(start)!;
    }

    public async Task<string> RunAsync(int expected, params string[] arguments)
    {
        using var program = Start(arguments);
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        var said = await output + await errors;
        Assert.That(program.ExitCode, Is.EqualTo(expected), $"fleet-agent {string.Join(' ', arguments)}: {said}");
        return said;
    }

    /// <summary>What the administrator adds to the configuration enrolment wrote.</summary>
    public async Task ConfigureAsync(Action<JsonObject> change)
    {
        var config = JsonNode.Parse(await File.ReadAllTextAsync(ConfigFile))!.AsObject();
        change(config);
        await File.WriteAllTextAsync(ConfigFile, config.ToJsonString());
    }

    public async ValueTask DisposeAsync()
    {
        Boss?.Dispose();
        if (Devices is not null) await Devices.DisposeAsync();
        if (Service is not null) await Service.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task UnpackAsync()
    {
        var package = await PackAgent.RunAsync(PackAgent.Linux, In("package"), CancellationToken.None);
        var (code, said) = await Shell.RunAsync(["tar", "xzf", package.File, "-C", _directory]);
        Assert.That(code, Is.Zero, said);
        Program = Directory.GetFiles(_directory, "fleet-agent", SearchOption.AllDirectories).Single();
    }

    private async Task<HttpClient> AsAsync(string client)
    {
        using var anybody = Service.With();
        using var answer = await anybody.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = Secret }));
        var body = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.IsSuccessStatusCode, Is.True, body);
        var http = Service.With();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", JsonNode.Parse(body)!["access_token"]!.GetValue<string>());
        return http;
    }
}

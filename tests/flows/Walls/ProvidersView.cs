using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Telemetry.Devices;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Walls;

/// <summary>Every service that shows a customer's data, and customers with a device, an alert, facts and a contract each, whatever they allow.</summary>
internal sealed class ProvidersView : IAsyncDisposable
{
    public const string Provider = "dealer";

    private ProvidersView(RunningService service) => Service = service;

    public RunningService Service { get; }

    public static async Task<ProvidersView> OpenAsync() => new(await RunningService.StartAsync(
        [("FLEET_GRPC_URL", "http://127.0.0.1:0")],
        Consent.Consent.Module, Telemetry.Telemetry.Module, Alerting.Alerting.Module, Billing.Billing.Module, Licensing.Licensing.Module, Integration.Integration.Module));

    /// <summary>The customer says so itself, and every service has heard of it.</summary>
    public async Task SaysAsync(string tenant, string what, object names)
    {
        using var customer = Service.As("customer-admin", tenant);
        using var answer = await customer.PostAsJsonAsync($"/api/v1/tenants/{tenant}/consents/{what}", names);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
    }

    public async Task AllowAsync(string tenant)
    {
        await SaysAsync(tenant, "grant", new { purposes = new[] { "fleet-management", "billing" }, features = new[] { "remote-monitoring" } });
        foreach (var way in Ways.All)
            await Eventually.IsTrueAsync($"{tenant} to be seen by {way}", async () => await StatusAsync(StaffOf(tenant), Ways.PathOf(way, tenant)) == HttpStatusCode.OK);
    }

    /// <summary>A device known to telemetry, low on toner to alerting, described to whoever listens; seen by the customer, who needs nobody's consent.</summary>
    public async Task FillAsync(string tenant)
    {
        var now = Service.Clock.GetUtcNow();
        await using (var session = Service.Store(Telemetry.Telemetry.Module).LightweightSession(tenant))
        {
            session.Events.Append(Device.StreamKey("d1"), new DeviceEvent.Registered(new("hq", "Kyocera", "P2040", $"SN-{tenant}"), now));
            await session.SaveChangesAsync();
        }
        await Service.Bus.PublishAsync(new SupplyLevelChanged(tenant, "d1", "1.1", "Black toner", "toner", "consumed", "black", "measured", 5, 100, 5, now));
        using var customer = Service.As("customer-admin", tenant);
        await Eventually.IsTrueAsync($"an alert of {tenant}", async () => (await ItemsAsync(customer, $"/api/v1/alerts?tenant={tenant}")).Count > 0);
        await Service.SettledAsync();
    }

    /// <summary>A provider-admin's token: it lists all these tenants, as identity would write it.</summary>
    public HttpClient StaffOf(params string[] tenants) => Service.AsUnallowed("provider-admin", Provider, tenants);

    public HttpClient Integrator(string[] purposes, params string[] tenants) =>
        Service.With(Service.Tokens.For("integrator", tenants, Provider, change: claims => claims["purposes"] = purposes, allowed: false));

    public static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using (http)
        using (var answer = await http.GetAsync(new Uri(path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
            return answer.StatusCode;
    }

    public static async Task<JsonArray> ItemsAsync(HttpClient http, string path) => JsonNode.Parse(await http.GetStringAsync(new Uri(path, UriKind.Relative)))!["items"]!.AsArray();

    public ValueTask DisposeAsync() => Service.DisposeAsync();
}

/// <summary>Every way to a customer's data over HTTP, and what it is read for.</summary>
internal static class Ways
{
    private static readonly Dictionary<string, (string Path, bool Care, bool Billing)> Table = new()
    {
        ["devices"] = ("/api/v1/tenants/{t}/devices", true, false),
        ["device"] = ("/api/v1/tenants/{t}/devices/d1", true, false),
        ["supplies"] = ("/api/v1/tenants/{t}/devices/d1/supplies", true, false),
        ["refusals"] = ("/api/v1/tenants/{t}/refusals", true, false),
        ["agents"] = ("/api/v1/agents?tenant={t}", true, false),
        ["readings"] = ("/api/v1/tenants/{t}/devices/d1/readings", true, true),
        ["alerts"] = ("/api/v1/alerts?tenant={t}", true, false),
        ["alert stream"] = ("/api/v1/alerts/stream?tenant={t}", true, false),
        ["events"] = ("/api/v1/events?tenant={t}", true, true),
        ["contracts"] = ("/api/v1/contracts?tenant={t}", false, true),
        ["invoices"] = ("/api/v1/invoices?tenant={t}", false, true),
    };

    public static IEnumerable<string> All => Table.Keys;

    public static string PathOf(string way, string tenant) => Table[way].Path.Replace("{t}", tenant, StringComparison.Ordinal);

    public static bool IsFor(string way, string purpose) => purpose == "billing" ? Table[way].Billing : Table[way].Care;

    public static bool NeedsMonitoring(string way) => way is not ("contracts" or "invoices");
}

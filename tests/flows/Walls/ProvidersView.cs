using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Billing.Amounts;
using Fleet.Billing.Contracts;
using Fleet.Billing.Invoices;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Licensing.Licences;
using Fleet.Telemetry.Agents;
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

    /// <summary>
    /// A device known to telemetry with a reading and a supply, its agent with something refused, low on toner to alerting, under a contract that was billed once: each way of <see cref="Ways"/> has
    /// something to show, so that an empty answer is the wall's doing.
    /// </summary>
    public async Task FillAsync(string tenant)
    {
        var now = Service.Clock.GetUtcNow();
        await using (var session = Service.Store(Telemetry.Telemetry.Module).LightweightSession(tenant))
        {
            session.Events.Append(Device.StreamKey("d1"),
                new DeviceEvent.Registered(new("hq", "Kyocera", "P2040", $"SN-{tenant}"), now),
                new DeviceEvent.MeterRead("hq", "kyocera", 3, [new("total", 1_000, "impressions", "1.3.6.1.2.1.43.10.2.1.4.1.1")], now, now, Late: false),
                new DeviceEvent.SupplyLevelChanged(new("1.1", "Black toner", "toner", "consumed", "black", "percent", "measured", 5, 100, 5), now));
            session.Events.Append(Telemetry.Agents.Agent.StreamKey($"hq/{tenant}-hq"), new AgentEvent.BatchAccepted(1, "reading", 2, new Dictionary<string, int> { ["no-purpose"] = 1 }, new string('a', 64), now));
            await session.SaveChangesAsync();
        }
        await using (var session = Service.Store(Licensing.Licensing.Module).LightweightSession(tenant))
        {
            session.Events.Append(Licence.Key(tenant), new LicenceEvent.LicenceGranted(tenant, 10, [], new(2027, 1, 1), "C-1", "boss", now));
            await session.SaveChangesAsync();
        }
        await BillAsync(tenant, now);
        await Service.Bus.PublishAsync(new SupplyLevelChanged(tenant, "d1", "1.1", "Black toner", "toner", "consumed", "black", "measured", 5, 100, 5, now));
        using var customer = Service.As("customer-admin", tenant);
        await Eventually.IsTrueAsync($"an alert of {tenant}", async () => (await ItemsAsync(customer, $"/api/v1/alerts?tenant={tenant}")).Count > 0);
        await Service.SettledAsync();
    }

    private async Task BillAsync(string tenant, DateTimeOffset now)
    {
        var (contract, fee, period) = ($"{tenant}.care", new Money(49m, Currency.Of("EUR")), new Period(2026, 9));
        var terms = new Terms("Care", fee.Currency, "Etc/UTC", new(2026, 9, 1), fee, [], DeviceScope.All, ToleranceDays: 5);
        await using var session = Service.Store(Billing.Billing.Module).LightweightSession(tenant);
        session.Events.Append(Contract.Key(contract), new ContractEvent.ContractSigned(contract, Provider, terms, "boss", now));
        session.Events.Append(Invoice.Key(contract, period), new InvoiceEvent.InvoiceIssued(
            Invoice.IdOf(contract, period), $"{tenant}-1", contract, terms.Name, Provider, period.ToString(), terms.TimeZone, now, now,
            [new(1, InvoiceLine.BaseFee, "Base fee", null, null, null, null, null, null, null, null, fee.Amount, fee, null)], fee, [], "boss", now));
        await session.SaveChangesAsync();
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
        ["licences"] = ("/api/v1/licences?tenant={t}", false, false), // not an integrator's right
        ["contracts"] = ("/api/v1/contracts?tenant={t}", false, true),
        ["invoices"] = ("/api/v1/invoices?tenant={t}", false, true),
    };

    public static IEnumerable<string> All => Table.Keys;

    public static string PathOf(string way, string tenant) => Table[way].Path.Replace("{t}", tenant, StringComparison.Ordinal);

    public static bool IsFor(string way, string purpose) => purpose == "billing" ? Table[way].Billing : Table[way].Care;

    public static bool NeedsMonitoring(string way) => way is not ("contracts" or "invoices");
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Audit.V1;
using Fleet.Testing;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Audit;

/// <summary>Who was refused what, at whatever service, is read in the trail of the house he belongs to, and in no other.</summary>
public class RefusedElsewhereTests
{
    private static readonly string[] Readers = ["dealer", "stranger", "boss", "globex-boss", "operator"];

    private RunningIdentity _fleet = null!;

    [SetUp]
    public async Task Start()
    {
        _fleet = await StartAsync([Billing.Billing.Module], [],
            Client("dealer", "provider-admin", provider: "demo-dealer"), Client("stranger", "provider-admin", provider: "other-dealer"), Client("technician", "technician", provider: "demo-dealer"),
            Client("erp", "integrator", provider: "demo-dealer"), Client("boss", "customer-admin", tenant: "acme"), Client("guest", "customer-viewer", tenant: "acme"),
            Client("globex-boss", "customer-admin", tenant: "globex"), Client("operator", "platform-operator"));
        using var dealer = await _fleet.AsAsync("dealer");
        foreach (var tenant in new[] { "acme", "globex" })
            (await dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = tenant, name = tenant })).EnsureSuccessStatusCode();
    }

    [TearDown]
    public async Task Stop() => await _fleet.DisposeAsync();

    [TestCase("technician", "/api/v1/contracts", HttpStatusCode.Forbidden, "dealer", "missing-right", "read-billing", null, "GET /api/v1/contracts")]
    [TestCase("erp", "/api/v1/invoices?period=2026-10", HttpStatusCode.Forbidden, "dealer", "purpose-missing", "billing", null, "GET /api/v1/invoices")]
    [TestCase("guest", "/api/v1/invoices", HttpStatusCode.Forbidden, "boss", "missing-right", "read-billing", null, "GET /api/v1/invoices")]
    [TestCase("boss", "/api/v1/tenants/globex/usage?period=2026-10", HttpStatusCode.NotFound, "boss", "unknown-tenant", null, "globex", "GET /api/v1/tenants/{t}/usage")]
    [TestCase("boss", "/api/v1/invoices/globex.2026-10.1", HttpStatusCode.NotFound, "boss", "unknown-tenant", null, "globex", "GET /api/v1/invoices/{id}")]
    [TestCase("boss", "/api/v1/invoices?tenant=globex", HttpStatusCode.OK, "boss", "unknown-tenant", null, "globex", "GET /api/v1/invoices")]
    [TestCase("operator", "/api/v1/invoices", HttpStatusCode.Forbidden, "operator", "missing-right", "read-billing", null, "GET /api/v1/invoices")]
    public async Task Another_services_refusal_is_read_by_the_callers_house_alone(
        string who, string address, HttpStatusCode status, string reader, string problem, string? missing, string? asked, string route)
    {
        using (var http = await _fleet.AsAsync(who))
        using (var answer = await http.GetAsync(new Uri(address, UriKind.Relative)))
            Assert.That(answer.StatusCode, Is.EqualTo(status));
        await _fleet.Service.RecordRefusalsAsync();

        await Eventually.IsTrueAsync($"{problem} of {who} in the trail of {reader}", async () => (await TrailAsync(reader)).Count == 1);
        var row = (await TrailAsync(reader)).Single();
        Assert.That(row.Subject, Is.EqualTo($"client/{who}"));
        Assert.That((row.Of("service"), row.Of("problem"), row.Of("missing"), row.Of("tenant"), row.Of("route"), row.Of("times")), Is.EqualTo(("billing", problem, missing, asked, route, "1")));
        foreach (var other in Readers.Where(other => other != reader))
            Assert.That(await TrailAsync(other), Is.Empty, $"{other} reads of {who}");
    }

    [Test]
    public async Task Identitys_own_are_there_too_and_in_the_export()
    {
        using (var technician = await _fleet.AsAsync("technician"))
        using (var answer = await technician.GetAsync("/api/v1/people"))
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        await _fleet.Service.RecordRefusalsAsync();

        var row = (await TrailAsync("dealer")).Single();
        Assert.That((row.Subject, row.Of("service"), row.Of("problem"), row.Of("route")), Is.EqualTo(("client/technician", "identity", "missing-right", "GET /api/v1/people")));
        using var dealer = await _fleet.AsAsync("dealer");
        Assert.That(await dealer.GetStringAsync("/api/v1/audit.jsonl"), Does.Contain("\"access_refused\"").And.Contain("\"GET /api/v1/people\""));
    }

    [Test]
    public async Task What_is_told_twice_is_in_it_once_and_in_the_house_it_names()
    {
        var at = new DateTimeOffset(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
        var (id, refused) = (Guid.CreateVersion7(TestClock.Real.GetUtcNow()), new AccessRefused("acme", null, "alerting", "person", "p-1", "customer-viewer", "missing-right", "act-on-alerts", null, "POST /api/v1/alerts/{id}/acknowledge", 7, at, at));
        await _fleet.Service.Bus.PublishAsync(refused, id);
        await _fleet.Service.Bus.PublishAsync(refused, id);
        await _fleet.Service.Bus.PublishAsync(refused with { TenantId = null, ProviderId = "other-dealer", By = null, Problem = "others" });

        await Eventually.IsTrueAsync("the last of the three", async () => (await TrailAsync("stranger")).Count == 1);
        Assert.That((await TrailAsync("stranger")).Select(row => (row.Subject, row.Of("problem"), row.Of("times"))), Is.EqualTo(new[] { ("person", "others", "7") }));
        Assert.That((await TrailAsync("boss")).Select(row => (row.Subject, row.Of("times"))), Is.EqualTo(new[] { ("person/p-1", "7") }));
    }

    private sealed record Row(string Subject, JsonElement Detail)
    {
        public string? Of(string name) => Detail.TryGetProperty(name, out var value) ? value.GetString() : null;
    }

    private async Task<IReadOnlyList<Row>> TrailAsync(string who)
    {
        await _fleet.Service.SettledAsync();
        using var http = await _fleet.AsAsync(who);
        return [.. (await http.GetFromJsonAsync<JsonElement>("/api/v1/audit")).GetProperty("items").EnumerateArray().Where(row => row.GetProperty("what").GetString() == "access_refused")
            .Select(row => new Row(row.GetProperty("subject").GetString()!, row.GetProperty("detail")))];
    }
}

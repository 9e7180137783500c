using System.Net;
using static Fleet.Billing.Tests.Office;

namespace Fleet.Billing.Tests;

/// <summary>Nobody sees or bills another's tenant. Each refusal has its twin: the same call by somebody who may.</summary>
public class EscapeTests
{
    private Office _office = null!;

    [OneTimeSetUp]
    public async Task Open()
    {
        _office = await OpenAsync();
        using var clerk = _office.Clerk("acme", "globex");
        foreach (var tenant in new[] { "acme", "globex" })
            await SendAsync(clerk, "/api/v1/contracts", Contract(tenant), HttpStatusCode.Created);
        await CloseAsync(clerk, "2025-10");
    }

    [OneTimeTearDown]
    public async Task Close() => await _office.DisposeAsync();

    [TestCase("/api/v1/contracts/globex.office-printing")]
    [TestCase("/api/v1/invoices/globex.office-printing.2025-10")]
    [TestCase("/api/v1/invoices/globex.office-printing.2025-10.json")]
    [TestCase("/api/v1/invoices/globex.office-printing.2025-10.csv")]
    [TestCase("/api/v1/tenants/globex/usage?period=2025-10")]
    public async Task Anothers_document_does_not_exist(string path)
    {
        using var acme = _office.Service.As("customer-admin", "acme");
        using var globex = _office.Service.As("customer-admin", "globex");

        Assert.That((await acme.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await globex.GetAsync(path)).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("/api/v1/contracts")]
    [TestCase("/api/v1/invoices")]
    [TestCase("/api/v1/invoices?period=2025-10")]
    public async Task Lists_hold_the_callers_own_only(string path)
    {
        using var acme = _office.Service.As("customer-admin", "acme");
        using var both = _office.Clerk("acme", "globex");

        Assert.That(await TenantsAsync(acme, path), Is.EqualTo(["acme"]));
        Assert.That(await TenantsAsync(acme, $"{path}{(path.Contains('?') ? '&' : '?')}tenant=globex"), Is.Empty);
        Assert.That(await TenantsAsync(both, path), Is.EqualTo(["acme", "globex"]));
    }

    [Test]
    public async Task Nobody_signs_or_bills_for_a_tenant_the_token_does_not_name()
    {
        using var clerk = _office.Clerk("acme");

        await SendAsync(clerk, "/api/v1/contracts", Contract("globex", "Stolen"), HttpStatusCode.NotFound);
        await SendAsync(clerk, "/api/v1/billing/runs", new { period = "2025-10", tenant = "globex" }, HttpStatusCode.NotFound);
        await SendAsync(clerk, "/api/v1/billing/runs", new { period = "2025-10", tenant = "acme" });
    }

    [Test]
    public async Task Another_dealers_clerk_does_not_bill_this_dealers_contracts()
    {
        using var other = _office.Service.AsProvider("billing", "southwind", "acme");
        using var own = _office.Clerk("acme");

        Assert.That((await CloseAsync(other, "2025-11"))["invoices"]!.AsArray(), Is.Empty);
        Assert.That((await CloseAsync(own, "2025-11"))["invoices"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [TestCase("technician")]
    [TestCase("customer-admin")]
    public async Task Who_may_not_bill_does_not(string role)
    {
        using var http = _office.Service.AsProvider(role, Dealer, "acme");

        await SendAsync(http, "/api/v1/billing/runs", new { period = "2025-10" }, HttpStatusCode.Forbidden);
        await SendAsync(http, "/api/v1/contracts", Contract("acme", "Other"), HttpStatusCode.Forbidden);
    }

    [Test]
    public async Task A_customers_viewer_sees_no_invoices_and_nobody_sees_them_without_a_token()
    {
        using var viewer = _office.Service.As("customer-viewer", "acme");
        using var nobody = _office.Service.With();

        Assert.That((await viewer.GetAsync("/api/v1/invoices")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await nobody.GetAsync("/api/v1/invoices")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private static async Task<IEnumerable<string>> TenantsAsync(HttpClient http, string path) =>
        (await GetAsync(http, path))["items"]!.AsArray().Select(i => i!["tenantId"]!.GetValue<string>()).Distinct();
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Identity.V1;
using Fleet.Identity.Tenants;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Tenants;

public class TenantRoutesTests
{
    private static readonly object Hq = new { siteId = "hq", name = "Headquarters", timeZone = "Europe/Vienna" };

    private RunningIdentity _identity = null!;

    [OneTimeSetUp]
    public async Task Start() => _identity = await StartAsync(
        Client("boss", "provider-admin", provider: "demo-dealer"),
        Client("tech", "technician", provider: "demo-dealer"),
        Client("rival", "provider-admin", provider: "other-dealer"),
        Client("globex-admin", "customer-admin", tenant: "globex"));

    [OneTimeTearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [Test]
    public async Task A_tenant_created_is_listed_announced_and_in_the_next_token()
    {
        var heard = await _identity.Service.Bus.ListenAsync<TenantCreated>();
        using var boss = await _identity.AsAsync("boss");

        Assert.That(await CreateAsync(boss, "acme"), Is.EqualTo(HttpStatusCode.Created));
        Assert.That(await CreateAsync(boss, "acme"), Is.EqualTo(HttpStatusCode.Created), "the same again is no conflict");
        Assert.That(await ListAsync(boss), Does.Contain("acme"));

        var message = (await heard.WaitAsync(1, m => m.TenantId == "acme")).Single();
        Assert.That((message.ProviderId, message.Name), Is.EqualTo(("demo-dealer", "acme GmbH")));
        using var technician = await _identity.AsAsync("tech");
        Assert.That(await ListAsync(technician), Does.Contain("acme"));
    }

    [Test]
    public async Task A_site_can_be_opened_with_the_token_the_tenant_was_created_with()
    {
        var heard = await _identity.Service.Bus.ListenAsync<SiteOpened>();
        using var boss = await _identity.AsAsync("boss");
        await CreateAsync(boss, "north");

        using var opened = await boss.PostAsJsonAsync("/api/v1/tenants/north/sites", Hq);
        Assert.That(opened.StatusCode, Is.EqualTo(HttpStatusCode.Created), await opened.Content.ReadAsStringAsync());
        var site = (await boss.GetFromJsonAsync<JsonElement>("/api/v1/tenants/north/sites")).GetProperty("items")[0];
        Assert.That((site.GetProperty("siteId").GetString(), site.GetProperty("timeZone").GetString()), Is.EqualTo(("hq", "Europe/Vienna")));
        var message = (await heard.WaitAsync(1, m => m.TenantId == "north")).Single();
        Assert.That(message, Is.EqualTo(new SiteOpened("north", "hq", "Headquarters", "Europe/Vienna", message.At)));
    }

    [Test]
    public async Task Tenants_created_side_by_side_are_all_in_the_list()
    {
        using var boss = await _identity.AsAsync("boss");
        var ids = Enumerable.Range(0, 80).Select(i => $"many-{i}").ToList();
        foreach (var window in ids.Chunk(8))
            Assert.That(await Task.WhenAll(window.Select(id => CreateAsync(boss, id))), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That((await ListAsync(boss, "?limit=1000")).Where(id => id.StartsWith("many-", StringComparison.Ordinal)), Is.EquivalentTo(ids));
    }

    [Test]
    public async Task One_id_asked_for_by_two_providers_at_once_goes_to_one()
    {
        using var boss = await _identity.AsAsync("boss");
        using var rival = await _identity.AsAsync("rival");
        for (var i = 0; i < 5; i++)
            Assert.That(await Task.WhenAll(CreateAsync(boss, $"race-{i}"), CreateAsync(rival, $"race-{i}")),
                Is.EquivalentTo(new[] { HttpStatusCode.Created, HttpStatusCode.Conflict }));
    }

    [Test]
    public async Task Another_providers_tenant_does_not_exist()
    {
        using var rival = await _identity.AsAsync("rival");
        await CreateAsync(rival, "secret-customer");
        using var boss = await _identity.AsAsync("boss");

        Assert.That(await ListAsync(boss), Does.Not.Contain("secret-customer"));
        using var sites = await boss.GetAsync("/api/v1/tenants/secret-customer/sites");
        using var open = await boss.PostAsJsonAsync("/api/v1/tenants/secret-customer/sites", Hq);
        using var nowhere = await boss.GetAsync("/api/v1/tenants/no-such/sites");
        Assert.That(new[] { sites.StatusCode, open.StatusCode, nowhere.StatusCode }, Is.All.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await CreateAsync(boss, "secret-customer"), Is.EqualTo(HttpStatusCode.Conflict));
        // The twin: its own provider sees it.
        Assert.That(await ListAsync(rival), Does.Contain("secret-customer"));
        using var own = await rival.GetAsync("/api/v1/tenants/secret-customer/sites");
        Assert.That(own.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_query_for_one_tenant_cannot_reach_another_whatever_it_asks()
    {
        using var boss = await _identity.AsAsync("boss");
        await CreateAsync(boss, "walled-a");
        await CreateAsync(boss, "walled-b");
        await using var session = _identity.Service.Store(Identity.Module).QuerySession("walled-a");
        var seen = await session.QueryAsync<TenantRow>("where true or tenant_id = 'walled-b'", null, CancellationToken.None);
        Assert.That(seen.Select(row => row.TenantId), Is.EqualTo(new[] { "walled-a" }));
    }

    [Test]
    public async Task A_customer_sees_itself_and_creates_nobody()
    {
        using var boss = await _identity.AsAsync("boss");
        await CreateAsync(boss, "globex");
        using var customer = await _identity.AsAsync("globex-admin");
        Assert.That(await ListAsync(customer), Is.EqualTo(new[] { "globex" }));
        Assert.That(await CreateAsync(customer, "mine"), Is.EqualTo(HttpStatusCode.Forbidden));
    }

    [Test]
    public async Task The_region_directory_needs_no_token()
    {
        using var http = _identity.Http;
        var region = (await http.GetFromJsonAsync<JsonElement>("/regions"))[0];
        Assert.That(region.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "name", "country", "api", "amqps", "grpc", "here" }));
        Assert.That((region.GetProperty("country").GetString(), region.GetProperty("api").GetString()), Is.EqualTo(("AT", _identity.Issuer)));
    }

    private static async Task<HttpStatusCode> CreateAsync(HttpClient http, string id)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/tenants", new { tenantId = id, name = $"{id} GmbH" });
        return answer.StatusCode;
    }

    private static async Task<IReadOnlyList<string>> ListAsync(HttpClient http, string query = "") =>
        [.. (await http.GetFromJsonAsync<JsonElement>($"/api/v1/tenants{query}")).GetProperty("items").EnumerateArray().Select(t => t.GetProperty("tenantId").GetString()!)];
}

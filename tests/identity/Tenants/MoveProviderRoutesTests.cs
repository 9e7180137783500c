using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Identity.V1;
using Fleet.Identity.Providers;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Tenants;

public class MoveProviderRoutesTests
{
    private static readonly string[] Customers = ["moving", "staying", "raced"];

    private RunningIdentity _identity = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _identity = await StartAsync([
            Client("old-boss", "provider-admin", provider: "old-dealer"), Client("old-tech", "technician", provider: "old-dealer"),
            Client("new-boss", "provider-admin", provider: "new-dealer"), Client("third-boss", "provider-admin", provider: "third-dealer"),
            .. Customers.Select(tenant => Client($"{tenant}-admin", "customer-admin", tenant: tenant)),
            Client("moving-viewer", "customer-viewer", tenant: "moving")]);
        using var boss = await _identity.AsAsync("old-boss");
        foreach (var tenant in Customers)
        {
            using var created = await boss.PostAsJsonAsync("/api/v1/tenants", new { tenantId = tenant, name = $"{tenant} AG" });
            Assert.That(created.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        }
    }

    [OneTimeTearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [Test]
    public async Task At_acceptance_the_old_provider_sees_nothing_any_more_with_the_tokens_it_has()
    {
        var heard = await _identity.Service.Bus.ListenAsync<TenantMoved>();
        using var old = await _identity.AsAsync("old-boss");
        using var technician = await _identity.AsAsync("old-tech");
        using var fresh = await _identity.AsAsync("new-boss"); // from before, too: it names no customer
        using var customer = await _identity.AsAsync("moving-admin");

        Assert.That(await PostAsync(customer, "/api/v1/tenants/moving/provider", new { providerId = "new-dealer" }), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await SeesAsync(old, "moving"), Is.True, "asked is not accepted");
        var asking = (await fresh.GetFromJsonAsync<JsonElement>("/api/v1/takeovers")).GetProperty("items").EnumerateArray().Single(item => item.GetProperty("tenantId").GetString() == "moving");
        Assert.That(asking.GetProperty("name").GetString(), Is.EqualTo("moving AG"));

        Assert.That(await PostAsync(fresh, "/api/v1/tenants/moving/provider/accept"), Is.EqualTo(HttpStatusCode.NoContent));
        foreach (var loser in new[] { old, technician })
            Assert.That(await SeesAsync(loser, "moving"), Is.False);
        foreach (var path in new[] { "/api/v1/tenants/moving/sites", "/api/v1/tenants/moving/enrolments" })
            Assert.That((await StatusAsync(old, path), await StatusAsync(fresh, path)), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.OK)), path);
        Assert.That(await PostAsync(old, "/api/v1/tenants/moving/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" }), Is.EqualTo(HttpStatusCode.NotFound));

        var moved = (await heard.WaitAsync(1, m => m.TenantId == "moving")).Single();
        Assert.That((moved.From, moved.To), Is.EqualTo(("old-dealer", "new-dealer")));
        var provider = await customer.GetFromJsonAsync<JsonElement>("/api/v1/tenants/moving/provider");
        Assert.That((provider.GetProperty("providerId").GetString(), provider.GetProperty("asked").ValueKind), Is.EqualTo(("new-dealer", JsonValueKind.Null)));

        // The twin: who moved nowhere is still there, for both of them.
        Assert.That((await SeesAsync(old, "staying"), await SeesAsync(technician, "staying")), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task The_next_token_of_each_provider_names_its_own_customers_only()
    {
        using var customer = await _identity.AsAsync("raced-admin");
        using var fresh = await _identity.AsAsync("new-boss");
        await PostAsync(customer, "/api/v1/tenants/raced/provider", new { providerId = "new-dealer" });

        // Both see the same question open; one of them is first, the other one's answer is about what is true then.
        var answers = await Task.WhenAll(PostAsync(fresh, "/api/v1/tenants/raced/provider/accept"), PostAsync(customer, "/api/v1/tenants/raced/provider/withdraw"));
        Assert.That(answers[1], Is.EqualTo(HttpStatusCode.NoContent));
        var moved = answers[0] == HttpStatusCode.NoContent;
        var module = _identity.Service.Store(Identity.Module);
        Assert.That(((await ListOfAsync("old-dealer")).Contains("raced"), (await ListOfAsync("new-dealer")).Contains("raced")), Is.EqualTo((!moved, moved)), "exactly one has it");

        async Task<IReadOnlyList<string>> ListOfAsync(string provider) =>
            (await module.LightweightSession($"provider:{provider}").Events.AggregateStreamAsync<Provider>(Provider.Key(provider)))?.Tenants ?? [];
    }

    [Test]
    public async Task No_provider_can_take_a_customer_and_nobody_can_push_one()
    {
        using var third = await _identity.AsAsync("third-boss");
        using var old = await _identity.AsAsync("old-boss");
        using var viewer = await _identity.AsAsync("moving-viewer");
        using var other = await _identity.AsAsync("moving-admin");
        Assert.That(await PostAsync(third, "/api/v1/tenants/staying/provider/accept"), Is.EqualTo(HttpStatusCode.NotFound), "nobody asked it");
        Assert.That(await PostAsync(third, "/api/v1/tenants/no-such/provider/accept"), Is.EqualTo(HttpStatusCode.NotFound), "the same for no customer at all");
        foreach (var pusher in new[] { third, old, viewer })
            Assert.That(await PostAsync(pusher, "/api/v1/tenants/staying/provider", new { providerId = "third-dealer" }), Is.EqualTo(HttpStatusCode.Forbidden), "only the customer's own administrator asks");
        Assert.That(await PostAsync(other, "/api/v1/tenants/staying/provider", new { providerId = "third-dealer" }), Is.EqualTo(HttpStatusCode.NotFound), "of its own tenant");
        Assert.That(await SeesAsync(old, "staying"), Is.True);
    }

    [Test]
    public async Task A_declined_question_is_gone_on_both_sides()
    {
        using var customer = await _identity.AsAsync("staying-admin");
        using var third = await _identity.AsAsync("third-boss");
        await PostAsync(customer, "/api/v1/tenants/staying/provider", new { providerId = "third-dealer" });
        Assert.That(await PostAsync(third, "/api/v1/tenants/staying/provider/decline"), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await third.GetFromJsonAsync<JsonElement>("/api/v1/takeovers")).GetProperty("items").GetArrayLength(), Is.Zero);
        Assert.That(await PostAsync(third, "/api/v1/tenants/staying/provider/accept"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static async Task<HttpStatusCode> PostAsync(HttpClient http, string path, object? body = null)
    {
        using var answer = body is null ? await http.PostAsync(path, null) : await http.PostAsJsonAsync(path, body);
        return answer.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private static async Task<bool> SeesAsync(HttpClient http, string tenant) =>
        (await http.GetFromJsonAsync<JsonElement>("/api/v1/tenants?limit=1000")).GetProperty("items").EnumerateArray().Any(item => item.GetProperty("tenantId").GetString() == tenant);
}

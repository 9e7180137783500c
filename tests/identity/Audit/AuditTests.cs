using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Identity.Tests.Enrolments;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Audit;

/// <summary>What happened to rights, sign-ins and refusals can be read, by those of the same house alone.</summary>
public class AuditTests
{
    private RunningIdentity _identity = null!;

    [SetUp]
    public async Task Start()
    {
        _identity = await StartAsync(
            Client("dealer", "provider-admin", provider: "demo-dealer"), Client("stranger", "provider-admin", provider: "other-dealer"), Client("technician", "technician", provider: "demo-dealer"),
            Client("boss", "customer-admin", tenant: "acme"), Client("globex-boss", "customer-admin", tenant: "globex"), Client("operator", "platform-operator"));
        using var dealer = await _identity.AsAsync("dealer");
        foreach (var tenant in new[] { "acme", "globex" })
        {
            (await dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = tenant, name = tenant })).EnsureSuccessStatusCode();
            (await dealer.PostAsJsonAsync($"/api/v1/tenants/{tenant}/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
        }
    }

    [TearDown]
    public async Task Stop() => await _identity.DisposeAsync();

    [Test]
    public async Task Rights_and_agents_of_a_house_are_told_to_it_and_to_no_other()
    {
        using var boss = await _identity.AsAsync("boss");
        using var agent = new TestAgent(_identity);
        await agent.EnrolAsync(boss);
        (await boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        using (var invited = await boss.PostAsJsonAsync("/api/v1/people", new { name = "Ada", email = "ada@acme.example", role = "customer-viewer" }))
            Assert.That(invited.StatusCode, Is.EqualTo(HttpStatusCode.Created), await invited.Content.ReadAsStringAsync());

        var told = await TrailAsync("boss");
        Assert.That(told.Select(row => (row.What, row.By)), Is.EqualTo(new[]
        {
            ("tenant_created", "dealer"), ("agent_enrolled", "boss"), ("agent_connected", null), ("agent_revoked", "boss"), ("person_invited", "boss"),
        }));
        Assert.That(told[^1].Detail.GetProperty("role").GetString(), Is.EqualTo("customer-viewer"));
        Assert.That(string.Concat(told.Select(row => row.Detail.GetRawText())), Does.Not.Contain("Ada").And.Not.Contain("@"), "nothing personal");
        Assert.That((await TrailAsync("globex-boss")).Select(row => row.What), Is.EqualTo(new[] { "tenant_created" }), "another house");
        Assert.That(await TrailAsync("stranger"), Is.Empty);
    }

    [Test]
    public async Task A_refused_token_is_told_to_the_clients_house_and_a_strangers_to_the_operator()
    {
        for (var wrong = 0; wrong < 3; wrong++)
            using (await _identity.AskAsync("boss", "wrong")) { }
        using (await _identity.AskAsync("nobody-knows-me", "wrong")) { }
        _identity.Service.Clock.Advance(TimeSpan.FromMinutes(2));
        using (await _identity.AskAsync("boss", scope: "run-billing")) { }
        using (await _identity.AskAsync("boss", "wrong")) { }

        Assert.That((await TrailAsync("boss")).Where(row => row.What == "token_refused").Select(Refusal), Is.EqualTo(new[]
        {
            ("boss", "invalid_client", "1"), ("boss", "invalid_scope", "1"), ("boss", "invalid_client", "3"),
        }), "the two in between are told with the next");
        var platform = await TrailAsync("operator");
        Assert.That(platform.Where(row => row.What == "token_refused").Select(Refusal), Is.EqualTo(new[] { ("unknown", "invalid_client", "1") }), "what a stranger types is not kept");
        Assert.That(platform.Count(row => row.What == "client_registered"), Is.EqualTo(6));
    }

    [Test]
    public async Task Who_may_not_read_it_does_not()
    {
        using var technician = await _identity.AsAsync("technician");
        foreach (var path in new[] { "/api/v1/audit", "/api/v1/audit.jsonl" })
        {
            using var refused = await technician.GetAsync(path);
            Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), path);
        }
    }

    [Test]
    public async Task The_export_has_every_line_the_pages_have()
    {
        await _identity.Service.SettledAsync();
        using var operators = await _identity.AsAsync("operator");
        var exported = (await operators.GetStringAsync("/api/v1/audit.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("eventId").GetGuid());
        var paged = new List<Guid>();
        for (var cursor = ""; cursor is not null;)
        {
            var page = await operators.GetFromJsonAsync<JsonElement>($"/api/v1/audit?limit=2&cursor={cursor}");
            paged.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("eventId").GetGuid()));
            cursor = page.GetProperty("next").GetString();
        }
        Assert.That(paged, Has.Count.EqualTo(6).And.Unique);
        Assert.That(exported, Is.EqualTo(paged));
    }

    private static (string?, string?, string?) Refusal(Row row) =>
        (row.Detail.GetProperty("client").GetString(), row.Detail.GetProperty("error").GetString(), row.Detail.GetProperty("times").GetString());

    private sealed record Row(string What, string? By, JsonElement Detail);

    private async Task<IReadOnlyList<Row>> TrailAsync(string who)
    {
        await _identity.Service.SettledAsync();
        using var http = await _identity.AsAsync(who);
        return [.. (await http.GetFromJsonAsync<JsonElement>("/api/v1/audit")).GetProperty("items").EnumerateArray()
            .Select(row => new Row(row.GetProperty("what").GetString()!, row.GetProperty("by").GetString(), row.GetProperty("detail")))];
    }
}

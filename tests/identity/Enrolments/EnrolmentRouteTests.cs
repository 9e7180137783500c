using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Identity.V1;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>An agent is let in, and is not, at a running identity.</summary>
public class EnrolmentRouteTests
{
    private RunningIdentity _identity = null!;
    private HttpClient _boss = null!, _dealer = null!;

    [SetUp]
    public async Task Start()
    {
        _identity = await StartAsync(
            Client("dealer", "provider-admin", provider: "demo-dealer"), Client("technician", "technician", provider: "demo-dealer"), Client("billing", "billing", provider: "demo-dealer"),
            Client("boss", "customer-admin", tenant: "acme"), Client("viewer", "customer-viewer", tenant: "acme"), Client("globex-boss", "customer-admin", tenant: "globex"),
            Client("stranger", "provider-admin", provider: "other-dealer"));
        using (var first = await _identity.AsAsync("dealer"))
        {
            foreach (var tenant in new[] { "acme", "globex" })
            {
                (await first.PostAsJsonAsync("/api/v1/tenants", new { tenantId = tenant, name = tenant })).EnsureSuccessStatusCode();
                (await first.PostAsJsonAsync($"/api/v1/tenants/{tenant}/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
            }
        }
        _dealer = await _identity.AsAsync("dealer");
        _boss = await _identity.AsAsync("boss");
    }

    [TearDown]
    public async Task Stop()
    {
        _boss.Dispose();
        _dealer.Dispose();
        await _identity.DisposeAsync();
    }

    [Test]
    public async Task An_agent_shows_a_code_a_person_approves_it_and_it_has_tokens_it_can_renew()
    {
        using var agent = new TestAgent(_identity);
        var asked = await agent.AskAsync();
        Assert.That(asked.Text("user_code"), Does.Match("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$"));
        Assert.That(asked.Text("verification_uri_complete"), Is.EqualTo($"{_identity.Issuer}/device?user_code={asked.Text("user_code")}"));
        Assert.That((asked.Body.GetProperty("expires_in").GetInt32(), asked.Body.GetProperty("interval").GetInt32()), Is.EqualTo((900, 5)));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("authorization_pending"));

        var typed = asked.Text("user_code").Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        var waiting = await _boss.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/acme/enrolments/asked/{typed}");
        Assert.That(waiting.GetProperty("keyId").GetString(), Is.EqualTo(agent.Key.Id));
        Assert.That(await ApproveAsync(_boss, typed), Is.EqualTo((201, "acme-hq")));
        var tokens = await agent.RedeemAsync(asked.Text("device_code"));
        Assert.That((tokens.Text("token_type"), tokens.Text("tenant"), tokens.Text("site"), tokens.Text("agent")), Is.EqualTo(("Bearer", "acme", "hq", "acme-hq")));

        var renewed = await agent.RenewAsync(tokens.Text("refresh_token"));
        Assert.That((renewed.Status, renewed.Text("refresh_token") != tokens.Text("refresh_token")), Is.EqualTo((200, true)));
        var listed = (await _boss.GetFromJsonAsync<JsonElement>("/api/v1/tenants/acme/enrolments")).GetProperty("items")[0];
        Assert.That((listed.GetProperty("agentId").GetString(), listed.GetProperty("keyId").GetString(), listed.GetProperty("by").GetString()), Is.EqualTo(("acme-hq", agent.Key.Id, "boss")));
        Assert.That(listed.GetProperty("lastTokenAt").ValueKind, Is.EqualTo(JsonValueKind.String));
    }

    [Test]
    public async Task The_world_is_told_the_agents_key_and_that_it_ended()
    {
        using var agent = new TestAgent(_identity);
        var enrolled = await _identity.Service.Bus.ListenAsync<AgentEnrolled>();
        var revoked = await _identity.Service.Bus.ListenAsync<AgentRevoked>();
        await agent.EnrolAsync(_boss);
        (await _boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        var told = (await enrolled.WaitAsync(1)).Single();
        Assert.That((told.TenantId, told.SiteId, told.AgentId, told.KeyId, told.X, told.Y), Is.EqualTo(("acme", "hq", "acme-hq", agent.Key.Id, agent.Key.X, agent.Key.Y)));
        var ended = (await revoked.WaitAsync(1)).Single();
        Assert.That((ended.AgentId, ended.SiteId, ended.KeyId, ended.Reason), Is.EqualTo(("acme-hq", "hq", agent.Key.Id, "by-hand")));
    }

    [Test]
    public async Task A_stolen_device_code_is_worth_nothing_without_the_key()
    {
        using var agent = new TestAgent(_identity);
        using var thief = new TestAgent(_identity);
        var asked = await agent.AskAsync();
        await ApproveAsync(_boss, asked.Text("user_code"));
        Assert.That((await thief.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("invalid_grant"));
        Assert.That((await thief.SendAsync("/oauth/token", null, ("client_id", "fleet-agent"), ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", asked.Text("device_code")))).Error, Is.EqualTo("invalid_dpop_proof"));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Status, Is.EqualTo(200), "the twin: its own key");
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("invalid_grant"), "once");
    }

    [Test]
    public async Task A_proof_is_good_once_here_and_nowhere_else()
    {
        using var agent = new TestAgent(_identity);
        var proof = agent.Proof("/oauth/device_authorization");
        Assert.That((await agent.SendAsync("/oauth/device_authorization", proof, ("client_id", "fleet-agent"))).Status, Is.EqualTo(200));
        Assert.That((await agent.SendAsync("/oauth/device_authorization", proof, ("client_id", "fleet-agent"))).Error, Is.EqualTo("invalid_dpop_proof"));
        var tokens = await agent.EnrolAsync(_boss);
        var used = agent.Proof("/oauth/token");
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), used)).Status, Is.EqualTo(200));
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), used)).Error, Is.EqualTo("invalid_dpop_proof"), "or a recorded request would be taken for a lost answer");
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), agent.Proof("/oauth/device_authorization"))).Error, Is.EqualTo("invalid_dpop_proof"));
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), agent.Proof("/oauth/token", "GET"))).Error, Is.EqualTo("invalid_dpop_proof"));
        Assert.That((await agent.RenewAsync(tokens.Text("refresh_token"), agent.Proof("/oauth/token", ahead: TimeSpan.FromHours(1)))).Body.ToString(), Does.Contain("clock"));
    }

    [Test]
    public async Task Who_asks_too_fast_is_told_to_slow_down_and_a_code_ends_after_a_quarter_of_an_hour()
    {
        using var agent = new TestAgent(_identity);
        var asked = await agent.AskAsync();
        var code = asked.Text("device_code");
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("authorization_pending"));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("slow_down"));
        _identity.Service.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("slow_down"), "ten seconds now");
        _identity.Service.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("authorization_pending"));
        _identity.Service.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.That((await agent.RedeemAsync(code)).Error, Is.EqualTo("expired_token"));
        Assert.That((await ApproveAsync(_boss, asked.Text("user_code"))).Status, Is.EqualTo(404));
    }

    [Test]
    public async Task A_denied_agent_is_told_so()
    {
        using var agent = new TestAgent(_identity);
        var asked = await agent.AskAsync();
        using var denied = await _boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments/deny", new { userCode = asked.Text("user_code") });
        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("access_denied"));
        Assert.That((await ApproveAsync(_boss, asked.Text("user_code"))).Status, Is.EqualTo(409));
    }

    [Test]
    public async Task Two_people_at_once_let_one_agent_in_once()
    {
        using var agent = new TestAgent(_identity);
        var asked = await agent.AskAsync();
        var approvals = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => ApproveAsync(n % 2 == 0 ? _boss : _dealer, asked.Text("user_code"))));
        Assert.That(approvals.Select(one => one.Status).Order(), Is.EqualTo(new[] { 201, 409, 409, 409 }));
        var tokens = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.RedeemAsync(asked.Text("device_code"))));
        Assert.That(tokens.Count(one => one.Status == 200), Is.EqualTo(1));
    }

    [Test]
    public async Task Three_agents_at_one_site_are_three_and_a_machine_that_comes_back_is_itself()
    {
        using var one = new TestAgent(_identity);
        using var two = new TestAgent(_identity);
        Assert.That((await one.EnrolAsync(_boss)).Text("agent"), Is.EqualTo("acme-hq"));
        Assert.That((await two.EnrolAsync(_boss)).Text("agent"), Is.EqualTo("acme-hq-2"));
        (await _boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        var back = await one.EnrolAsync(_boss);
        Assert.That(back.Text("agent"), Is.EqualTo("acme-hq"));
        Assert.That((await one.RenewAsync(back.Text("refresh_token"))).Status, Is.EqualTo(200));
    }

    [TestCase("viewer", "acme", 403)]
    [TestCase("billing", "acme", 403)]
    [TestCase("globex-boss", "acme", 404)]
    [TestCase("stranger", "acme", 404)]
    [TestCase("boss", "globex", 404)]
    [TestCase("boss", "nowhere", 404)]
    [TestCase("technician", "acme", 201)]
    [TestCase("dealer", "acme", 201)]
    public async Task Only_who_may_lets_an_agent_in(string who, string tenant, int status)
    {
        using var agent = new TestAgent(_identity);
        var asked = await agent.AskAsync();
        using var person = await _identity.AsAsync(who);
        Assert.That((await ApproveAsync(person, asked.Text("user_code"), tenant)).Status, Is.EqualTo(status));
        using var list = await person.GetAsync($"/api/v1/tenants/{tenant}/enrolments");
        Assert.That((int)list.StatusCode, Is.EqualTo(status == 201 ? 200 : status));
        using var revoke = await person.PostAsync($"/api/v1/tenants/{tenant}/enrolments/acme-hq/revoke", null);
        Assert.That((int)revoke.StatusCode, Is.EqualTo(status == 201 ? 204 : status));
        using var look = await person.GetAsync($"/api/v1/tenants/{tenant}/enrolments/asked/{asked.Text("user_code")}");
        Assert.That((int)look.StatusCode, Is.EqualTo(status == 201 ? 200 : status));
    }

    [Test]
    public async Task An_agents_own_token_lets_nobody_in()
    {
        using var agent = new TestAgent(_identity);
        using var itself = _identity.Service.With((await agent.EnrolAsync(_boss)).Text("access_token"));
        using var other = new TestAgent(_identity);
        Assert.That((await ApproveAsync(itself, (await other.AskAsync()).Text("user_code"))).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Wrong_codes_are_counted_and_slowed_and_a_place_must_exist()
    {
        using var agent = new TestAgent(_identity);
        var asked = await agent.AskAsync();
        Assert.That((await ApproveAsync(_boss, asked.Text("user_code"), site: "moon")).Status, Is.EqualTo(404));
        for (var wrong = 0; wrong < 5; wrong++)
            Assert.That((await ApproveAsync(_boss, "BBBB-BBBB")).Status, Is.EqualTo(404));
        using var slowed = await _boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments", new { userCode = asked.Text("user_code"), site = "hq" });
        Assert.That(((int)slowed.StatusCode, slowed.Headers.RetryAfter?.ToString()), Is.EqualTo((429, "1")));
        Assert.That((await ApproveAsync(_dealer, asked.Text("user_code"))).Status, Is.EqualTo(201), "nobody else has to wait");
    }

    [Test]
    public async Task Nobody_but_the_public_client_asks_for_a_code()
    {
        using var agent = new TestAgent(_identity);
        Assert.That((await agent.SendAsync("/oauth/device_authorization", agent.Proof("/oauth/device_authorization"), ("client_id", "boss"))).Error, Is.EqualTo("invalid_client"));
        Assert.That((await agent.SendAsync("/oauth/device_authorization", null, ("client_id", "fleet-agent"))).Error, Is.EqualTo("invalid_dpop_proof"));
    }

    [Test]
    public async Task Proofs_are_remembered_no_longer_than_they_could_be_shown_again()
    {
        using var agent = new TestAgent(_identity);
        using var other = new TestAgent(_identity);
        await agent.AskAsync();
        await agent.AskAsync();
        Assert.That(await ProofsAsync(), Is.EqualTo(2));
        _identity.Service.Clock.Advance(TimeSpan.FromMinutes(5));
        await other.AskAsync();
        Assert.That(await ProofsAsync(), Is.EqualTo(1), "those of an agent that never came back are gone, too");
    }

    [Test]
    public async Task A_flood_of_askers_is_held_up()
    {
        using var agent = new TestAgent(_identity);
        var statuses = new List<int>();
        for (var n = 0; n < 60 && !statuses.Contains(429); n++)
            statuses.Add((await agent.AskAsync()).Status);
        Assert.That((statuses.Contains(429), statuses.Take(20).All(status => status == 200)), Is.EqualTo((true, true)), string.Join(' ', statuses));
    }

    private async Task<long> ProofsAsync()
    {
        await using var session = _identity.Service.Store(Identity.Module).BatchSession();
        await session.BeginAsync();
        await using var count = session.Connection.CreateCommand();
        count.CommandText = "select count(*) from fleet_proof";
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static async Task<(int Status, string? AgentId)> ApproveAsync(HttpClient person, string userCode, string tenant = "acme", string site = "hq")
    {
        using var answer = await person.PostAsJsonAsync($"/api/v1/tenants/{tenant}/enrolments", new { userCode, site });
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)answer.StatusCode, body.TryGetProperty("agentId", out var id) ? id.GetString() : null);
    }
}

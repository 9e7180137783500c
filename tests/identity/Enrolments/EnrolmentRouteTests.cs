using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Identity.V1;

namespace Fleet.Identity.Tests.Enrolments;

/// <summary>People let agents in, and do not, at a running identity.</summary>
public class EnrolmentRouteTests : EnrolmentFixture
{
    [Test]
    public async Task An_agent_shows_a_code_a_person_approves_it_and_it_has_tokens_it_can_renew()
    {
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        Assert.That(asked.Text("user_code"), Does.Match("^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$"));
        Assert.That(asked.Text("verification_uri_complete"), Is.EqualTo($"{Running.Issuer}/device?user_code={asked.Text("user_code")}"));
        Assert.That((asked.Body.GetProperty("expires_in").GetInt32(), asked.Body.GetProperty("interval").GetInt32()), Is.EqualTo((900, 5)));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("authorization_pending"));

        var typed = asked.Text("user_code").Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        var waiting = await Boss.GetFromJsonAsync<JsonElement>($"/api/v1/tenants/acme/enrolments/asked/{typed}");
        Assert.That(waiting.GetProperty("keyId").GetString(), Is.EqualTo(agent.Key.Id));
        Assert.That(await ApproveAsync(Boss, typed), Is.EqualTo((201, "acme-hq")));
        var tokens = await agent.RedeemAsync(asked.Text("device_code"));
        Assert.That((tokens.Text("token_type"), tokens.Text("tenant"), tokens.Text("site"), tokens.Text("agent")), Is.EqualTo(("Bearer", "acme", "hq", "acme-hq")));

        var renewed = await agent.RenewAsync(tokens.Text("refresh_token"));
        Assert.That((renewed.Status, renewed.Text("refresh_token") != tokens.Text("refresh_token")), Is.EqualTo((200, true)));
        var listed = (await Boss.GetFromJsonAsync<JsonElement>("/api/v1/tenants/acme/enrolments")).GetProperty("items")[0];
        Assert.That((listed.GetProperty("agentId").GetString(), listed.GetProperty("keyId").GetString(), listed.GetProperty("by").GetString()), Is.EqualTo(("acme-hq", agent.Key.Id, "boss")));
        Assert.That(listed.GetProperty("lastTokenAt").ValueKind, Is.EqualTo(JsonValueKind.String));
    }

    [Test]
    public async Task The_world_is_told_the_agents_key_and_that_it_ended()
    {
        using var agent = new TestAgent(Running);
        var enrolled = await Running.Service.Bus.ListenAsync<AgentEnrolled>();
        var revoked = await Running.Service.Bus.ListenAsync<AgentRevoked>();
        await agent.EnrolAsync(Boss);
        (await Boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        var told = (await enrolled.WaitAsync(1)).Single();
        Assert.That((told.TenantId, told.SiteId, told.AgentId, told.KeyId, told.X, told.Y), Is.EqualTo(("acme", "hq", "acme-hq", agent.Key.Id, agent.Key.X, agent.Key.Y)));
        var ended = (await revoked.WaitAsync(1)).Single();
        Assert.That((ended.AgentId, ended.SiteId, ended.KeyId, ended.Reason), Is.EqualTo(("acme-hq", "hq", agent.Key.Id, "by-hand")));
    }

    [Test]
    public async Task A_denied_agent_is_told_so()
    {
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        using var denied = await Boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments/deny", new { userCode = asked.Text("user_code") });
        Assert.That(denied.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await agent.RedeemAsync(asked.Text("device_code"))).Error, Is.EqualTo("access_denied"));
        Assert.That((await ApproveAsync(Boss, asked.Text("user_code"))).Status, Is.EqualTo(409));
    }

    [Test]
    public async Task Two_people_at_once_let_one_agent_in_once()
    {
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        var approvals = await Task.WhenAll(Enumerable.Range(0, 4).Select(n => ApproveAsync(n % 2 == 0 ? Boss : Dealer, asked.Text("user_code"))));
        Assert.That(approvals.Select(one => one.Status).Order(), Is.EqualTo(new[] { 201, 409, 409, 409 }));
        var tokens = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.RedeemAsync(asked.Text("device_code"))));
        Assert.That(tokens.Count(one => one.Status == 200), Is.EqualTo(1));
    }

    [Test]
    public async Task Who_is_outrun_again_and_again_is_told_to_try_again_and_then_it_works()
    {
        using var agent = new TestAgent(Running);
        var code = (await agent.AskAsync()).Text("user_code");
        // As if somebody else always wrote to the agent's stream first.
        await ExecuteAsync("create function outrun() returns trigger language plpgsql as $$ begin raise unique_violation using constraint = 'pk_mt_events_stream_and_version'; end $$; "
            + "create trigger outrun before insert on mt_events for each row when (new.type = 'agent_enrolled') execute function outrun()");
        using var outrun = await Boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments", new { userCode = code, site = "hq" });
        Assert.That(((int)outrun.StatusCode, (await outrun.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()), Is.EqualTo((409, "https://fleet.example/problems/busy")));
        await ExecuteAsync("drop trigger outrun on mt_events");
        Assert.That(await ApproveAsync(Boss, code), Is.EqualTo((201, "acme-hq")), "the twin: nothing was decided");
    }

    [Test]
    public async Task Three_agents_at_one_site_are_three_and_a_machine_that_comes_back_is_itself()
    {
        using var one = new TestAgent(Running);
        using var two = new TestAgent(Running);
        Assert.That((await one.EnrolAsync(Boss)).Text("agent"), Is.EqualTo("acme-hq"));
        Assert.That((await two.EnrolAsync(Boss)).Text("agent"), Is.EqualTo("acme-hq-2"));
        (await Boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        var back = await one.EnrolAsync(Boss);
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
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        using var person = await Running.AsAsync(who);
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
        using var agent = new TestAgent(Running);
        using var itself = Running.Service.With((await agent.EnrolAsync(Boss)).Text("access_token"));
        using var other = new TestAgent(Running);
        Assert.That((await ApproveAsync(itself, (await other.AskAsync()).Text("user_code"))).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Wrong_codes_are_counted_and_slowed_and_a_place_must_exist()
    {
        using var agent = new TestAgent(Running);
        var asked = await agent.AskAsync();
        Assert.That((await ApproveAsync(Boss, asked.Text("user_code"), site: "moon")).Status, Is.EqualTo(404));
        for (var wrong = 0; wrong < 5; wrong++)
            Assert.That((await ApproveAsync(Boss, "BBBB-BBBB")).Status, Is.EqualTo(404));
        using var slowed = await Boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments", new { userCode = asked.Text("user_code"), site = "hq" });
        Assert.That(((int)slowed.StatusCode, slowed.Headers.RetryAfter?.ToString()), Is.EqualTo((429, "1")));
        Assert.That((await ApproveAsync(Dealer, asked.Text("user_code"))).Status, Is.EqualTo(201), "nobody else has to wait");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var session = Running.Service.Store(Identity.Module).BatchSession();
        await session.BeginAsync();
        await using var command = session.Connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
        await session.SaveChangesAsync();
    }
}

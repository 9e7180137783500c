using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Identity.Agents;
using Fleet.Identity.Tests.Enrolments;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.Agents;

using Agent = Fleet.Identity.Agents.Agent; // not the namespace of the program

/// <summary>What becomes of an enrolled agent's refresh tokens at a running identity.</summary>
public class AgentTokenRouteTests
{
    private RunningIdentity _identity = null!;
    private HttpClient _boss = null!;
    private TestAgent _agent = null!;
    private string _first = "";

    [SetUp]
    public async Task Start()
    {
        _identity = await StartAsync(Client("dealer", "provider-admin", provider: "demo-dealer"), Client("boss", "customer-admin", tenant: "acme"));
        using var dealer = await _identity.AsAsync("dealer");
        (await dealer.PostAsJsonAsync("/api/v1/tenants", new { tenantId = "acme", name = "Acme" })).EnsureSuccessStatusCode();
        (await dealer.PostAsJsonAsync("/api/v1/tenants/acme/sites", new { siteId = "hq", name = "HQ", timeZone = "Europe/Vienna" })).EnsureSuccessStatusCode();
        _boss = await _identity.AsAsync("boss");
        _agent = new(_identity);
        _first = (await _agent.EnrolAsync(_boss)).Text("refresh_token");
    }

    [TearDown]
    public async Task Stop()
    {
        _agent.Dispose();
        _boss.Dispose();
        await _identity.DisposeAsync();
    }

    [Test]
    public async Task A_copied_token_ends_the_line_for_both_and_says_why()
    {
        var second = await RenewedAsync(_first);
        var third = await RenewedAsync(second);
        Assert.That((await _agent.RenewAsync(_first)).Error, Is.EqualTo("invalid_grant"));
        Assert.That((await _agent.RenewAsync(third)).Error, Is.EqualTo("invalid_grant"));
        Assert.That(await ListedAsync("revokedFor"), Is.EqualTo("token-reuse"));
        await using var session = _identity.Service.Store(Identity.Module).LightweightSession("acme");
        var events = await session.Events.FetchStreamAsync(Agent.StreamKey("acme-hq"));
        Assert.That(events[^1].Data, Is.InstanceOf<AgentEvent.Revoked>());
        Assert.That(JsonSerializer.Serialize(events.Select(e => e.Data)), Does.Not.Contain(third.Split('.')[2]), "only hashes are kept");
    }

    [Test]
    public async Task An_agent_killed_before_it_wrote_its_new_token_down_goes_on_with_the_old_one()
    {
        await RenewedAsync(_first); // and lost
        var again = await RenewedAsync(_first);
        Assert.That((await _agent.RenewAsync(again)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_stolen_token_is_worth_nothing_without_the_key_and_the_owner_goes_on()
    {
        using var thief = new TestAgent(_identity);
        Assert.That((await thief.RenewAsync(_first)).Error, Is.EqualTo("invalid_grant"));
        Assert.That((await _agent.SendAsync("/oauth/token", null, ("client_id", "fleet-agent"), ("grant_type", "refresh_token"), ("refresh_token", _first))).Error, Is.EqualTo("invalid_dpop_proof"));
        Assert.That((await _agent.RenewAsync(_first)).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Two_renewals_at_once_are_two_answers_of_which_one_goes_on()
    {
        var both = await Task.WhenAll(_agent.RenewAsync(_first), _agent.RenewAsync(_first));
        Assert.That(both.Select(one => one.Status), Is.EqualTo(new[] { 200, 200 }));
        var next = new List<int>();
        foreach (var one in both.OrderBy(one => one.Text("refresh_token") == both[1].Text("refresh_token") ? 1 : 0))
            next.Add((await _agent.RenewAsync(one.Text("refresh_token"))).Status);
        Assert.That(next, Does.Contain(400), "two that go on with one enrolment are found out");
    }

    [Test]
    public async Task A_revoked_agent_gets_no_token_any_more()
    {
        (await _boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        Assert.That((await _agent.RenewAsync(_first)).Error, Is.EqualTo("invalid_grant"));
        Assert.That(await ListedAsync("revokedFor"), Is.EqualTo("by-hand"));
    }

    [Test]
    public async Task An_agent_unused_for_ninety_days_is_not_enrolled_any_more()
    {
        _identity.Service.Clock.Advance(TimeSpan.FromDays(89));
        var second = await RenewedAsync(_first);
        _identity.Service.Clock.Advance(TimeSpan.FromDays(89));
        var third = await RenewedAsync(second);
        _identity.Service.Clock.Advance(TimeSpan.FromDays(91));
        Assert.That((await _agent.RenewAsync(third)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task An_agent_signs_itself_out_and_a_token_nobody_has_is_as_good_as_revoked()
    {
        Assert.That((await RevokeAsync("acme.acme-hq.nonsense")).Status, Is.EqualTo(200));
        Assert.That((await RevokeAsync("nonsense")).Status, Is.EqualTo(200));
        var second = await RenewedAsync(_first);
        Assert.That((await RevokeAsync(second, client: "boss")).Error, Is.EqualTo("invalid_client"));
        Assert.That((await RevokeAsync(second)).Status, Is.EqualTo(200));
        Assert.That((await _agent.RenewAsync(second)).Error, Is.EqualTo("invalid_grant"));
        Assert.That(await ListedAsync("revokedFor"), Is.EqualTo("signed-out"));
    }

    [Test]
    public async Task An_agents_scope_can_be_narrowed_and_not_widened()
    {
        var narrow = await _agent.SendAsync("/oauth/token", _agent.Proof("/oauth/token"), ("client_id", "fleet-agent"), ("grant_type", "refresh_token"), ("refresh_token", _first), ("scope", "read-grant"));
        Assert.That(narrow.Text("scope"), Is.EqualTo("read-grant"));
        var wide = await _agent.SendAsync("/oauth/token", _agent.Proof("/oauth/token"), ("client_id", "fleet-agent"), ("grant_type", "refresh_token"), ("refresh_token", narrow.Text("refresh_token")), ("scope", "run-billing"));
        Assert.That(wide.Error, Is.EqualTo("invalid_scope"));
        Assert.That((await _agent.RenewAsync(narrow.Text("refresh_token"))).Status, Is.EqualTo(200), "a refusal uses nothing up");
    }

    private async Task<string> RenewedAsync(string token)
    {
        var answer = await _agent.RenewAsync(token);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body.ToString());
        return answer.Text("refresh_token");
    }

    private Task<OAuthReply> RevokeAsync(string token, string client = "fleet-agent") => _agent.SendAsync("/oauth/revoke", null, ("client_id", client), ("token", token));

    private async Task<string?> ListedAsync(string member) =>
        (await _boss.GetFromJsonAsync<JsonElement>("/api/v1/tenants/acme/enrolments")).GetProperty("items")[0].GetProperty(member).GetString();
}

using System.Text.Json;
using Fleet.Contracts.Identity.V1;
using Fleet.Identity.Tests.Enrolments;
using Fleet.Testing;
using static Fleet.Identity.Tests.RunningIdentity;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>An agent the operator let in with a secret: the first key it shows is its own, and everybody hears of it.</summary>
public class BoundAgentTests
{
    [Test]
    public async Task The_first_key_is_announced_and_whoever_has_only_the_secret_gets_nothing_from_then_on()
    {
        await using var identity = await StartAsync(Client("acme-hq", "agent", tenant: "acme", site: "hq", agent: "acme-hq"), Client("boss", "customer-admin", tenant: "acme"), Client("dealer", "provider-admin", provider: "demo-dealer"));
        using (var dealer = await identity.AsAsync("dealer"))
            (await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(dealer, "/api/v1/tenants", new { tenantId = "acme", name = "acme" })).EnsureSuccessStatusCode();
        var announced = await identity.Service.Bus.ListenAsync<AgentEnrolled>();
        using var agent = new TestAgent(identity);
        using var thief = new TestAgent(identity);

        Assert.That((await AskAsync(agent, agent.Proof("/oauth/token"))).Status, Is.EqualTo(200));
        var heard = (await announced.WaitAsync(1)).Single();
        Assert.That((heard.TenantId, heard.SiteId, heard.KeyId, heard.X, heard.Y), Is.EqualTo(("acme", "hq", agent.Key.Id, agent.Key.X, agent.Key.Y)));
        Assert.That((await AskAsync(agent, agent.Proof("/oauth/token"))).Status, Is.EqualTo(200), "again");

        Assert.That((await AskAsync(thief, thief.Proof("/oauth/token"))).Text("error"), Is.EqualTo("invalid_grant"));
        Assert.That((await AskAsync(thief, proof: null)).Text("error"), Is.EqualTo("invalid_grant"));

        using var boss = await identity.AsAsync("boss");
        var listed = JsonDocument.Parse(await boss.GetStringAsync("/api/v1/tenants/acme/enrolments")).RootElement.GetProperty("items")[0];
        Assert.That((listed.GetProperty("agentId").GetString(), listed.GetProperty("by").GetString()), Is.EqualTo(("acme-hq", "acme-hq")));
        (await boss.PostAsync("/api/v1/tenants/acme/enrolments/acme-hq/revoke", null)).EnsureSuccessStatusCode();
        Assert.That((await AskAsync(agent, agent.Proof("/oauth/token"))).Text("error"), Is.EqualTo("invalid_grant"));
    }

    private static Task<OAuthReply> AskAsync(TestAgent agent, string? proof) =>
        agent.SendAsync("/oauth/token", proof, ("grant_type", "client_credentials"), ("client_id", "acme-hq"), ("client_secret", Secret));
}

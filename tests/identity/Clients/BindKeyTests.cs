using Fleet.Identity.Agents;
using Fleet.Identity.Clients;
using Fleet.Identity.Proofs;
using StoredAgent = Fleet.Identity.Agents.Agent;

namespace Fleet.Identity.Tests.Clients;

public class BindKeyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly Standing Standing = new("agent", Tenant: "acme", Site: "hq", Agent: "acme-hq");

    private static readonly ProofKey Own = new("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"),
        Another = new("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");

    private static readonly StoredAgent Bound = StoredAgent.Evolve(StoredAgent.None, new AgentEvent.Enrolled("hq", Own.X, Own.Y, "acme-hq", Noon));

    [Test]
    public void The_first_key_a_client_shows_is_its_agents_own()
    {
        var decided = BindKey.Decide(Standing, "acme-hq", Own, StoredAgent.None, Noon);
        Assert.That(decided.Events, Is.EqualTo(new[] { new AgentEvent.Enrolled("hq", Own.X, Own.Y, "acme-hq", Noon) }));
    }

    [Test]
    public void The_same_again_changes_nothing_and_before_there_is_a_key_none_is_asked_for()
    {
        Assert.That(BindKey.Decide(Standing, "acme-hq", Own, Bound, Noon), Is.EqualTo(Defaults.Decision<AgentEvent>.Nothing));
        Assert.That(BindKey.Decide(Standing, "acme-hq", null, StoredAgent.None, Noon), Is.EqualTo(Defaults.Decision<AgentEvent>.Nothing));
    }

    [Test]
    public void Whoever_has_the_secret_and_not_the_key_is_refused()
    {
        Assert.That(BindKey.Decide(Standing, "acme-hq", Another, Bound, Noon).Refusal?.Detail, Does.Contain($"has the key {Own.Id}").And.Contain(Another.Id));
        Assert.That(BindKey.Decide(Standing, "acme-hq", null, Bound, Noon).Refusal?.Detail, Does.Contain("shows none"));
        Assert.That(BindKey.Decide(Standing with { Site = "plant" }, "acme-hq", Own, Bound, Noon).Refusal?.Detail, Does.Contain("'plant'"));
    }

    [Test]
    public void A_revoked_agent_does_not_come_back_by_its_secret()
    {
        var revoked = StoredAgent.Evolve(Bound, new AgentEvent.Revoked("by-hand", "boss", Noon));
        Assert.That(BindKey.Decide(Standing, "acme-hq", Own, revoked, Noon).Refusal?.Detail, Does.Contain("was revoked"));
    }
}

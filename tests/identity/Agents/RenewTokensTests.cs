using Fleet.Identity.Agents;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Tests.Agents;

using Agent = Fleet.Identity.Agents.Agent; // not the namespace of the program

/// <summary>Tokens are r0, r1, … here; their hashes are themselves.</summary>
public class RenewTokensTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProofKey Key = new("xxx", "yyy");
    private static readonly AgentEvent Enrolled = new AgentEvent.Enrolled("hq", Key.X, Key.Y, "boss", Noon), Connected = new AgentEvent.Connected("r0", Noon);

    [Test]
    public void The_newest_token_gives_a_newer_one() => Assert.That(Renew("r0", Enrolled, Connected), Is.EqualTo(new AgentEvent[] { new AgentEvent.Renewed("fresh", "r0", Noon) }));

    [Test]
    public void An_answer_that_got_lost_can_be_asked_for_again_as_often_as_it_takes()
    {
        Assert.That(Renew("r0", Enrolled, Connected, Renewed("r1", "r0")), Is.EqualTo(new AgentEvent[] { new AgentEvent.Renewed("fresh", "r0", Noon) }));
        Assert.That(Renew("r0", Enrolled, Connected, Renewed("r1", "r0"), Renewed("r2", "r0")), Has.Exactly(1).InstanceOf<AgentEvent.Renewed>());
    }

    [Test]
    public void A_token_whose_successor_was_used_ends_the_whole_line()
    {
        var reuse = new AgentEvent[] { new AgentEvent.Revoked("token-reuse", null, Noon, Since: Noon) };
        Assert.That(Renew("r0", Enrolled, Connected, Renewed("r1", "r0"), Renewed("r2", "r1")), Is.EqualTo(reuse));
        Assert.That(Renew("r1", Enrolled, Connected, Renewed("r1", "r0"), Renewed("r2", "r0")), Is.EqualTo(reuse), "r1 was lost, r2 given in its place: who has r1 is another");
        foreach (var token in new[] { "r0", "r1", "r2" })
            Assert.That(Refused(token, Enrolled, Connected, Renewed("r1", "r0"), Renewed("r2", "r1"), reuse[0]), Is.True, token);
    }

    [Test]
    public void Another_key_gets_nothing_and_ends_nothing() => Assert.That(Decide("r0", new ProofKey("zzz", "yyy").Id, Noon, Enrolled, Connected).Refusal, Is.EqualTo(RenewTokens.NoLonger));

    [Test]
    public void After_ninety_days_without_a_token_there_is_none_any_more()
    {
        Assert.That(Decide("r0", Key.Id, Noon.AddDays(90).AddTicks(1), Enrolled, Connected).Refusal, Is.EqualTo(RenewTokens.NoLonger));
        Assert.That(Decide("r0", Key.Id, Noon.AddDays(90), Enrolled, Connected).Refusal, Is.Null, "the twin");
        Assert.That(Decide("r1", Key.Id, Noon.AddDays(120), Enrolled, Connected, new AgentEvent.Renewed("r1", "r0", Noon.AddDays(60))).Refusal, Is.Null, "they slide");
    }

    [Test]
    public void Who_was_let_in_again_goes_on_with_the_new_tokens_only()
    {
        AgentEvent[] again = [Enrolled, Connected, new AgentEvent.Revoked("by-hand", "boss", Noon), Enrolled];
        Assert.That(Refused("r0", again), Is.True);
        Assert.That(Renew("r9", [.. again, new AgentEvent.Connected("r9", Noon)]), Has.Exactly(1).InstanceOf<AgentEvent.Renewed>());
    }

    [Test]
    public void Revoking_twice_is_revoking_once_and_nobody_can_be_revoked_who_is_not_there()
    {
        Assert.That(RevokeAgent.Decide("acme-hq", "by-hand", "boss", Given(Enrolled), Noon).Events, Has.Count.EqualTo(1));
        Assert.That(RevokeAgent.Decide("acme-hq", "by-hand", "boss", Given(Enrolled, new AgentEvent.Revoked("by-hand", "boss", Noon)), Noon), Has.Property("Events").Empty);
        Assert.That(RevokeAgent.Decide("acme-hq", "by-hand", "boss", Agent.None, Noon).Refusal?.Status, Is.EqualTo(404));
    }

    [TestCase("acme.acme-hq.abc", "acme-hq")]
    [TestCase("acme.acme-hq", null)]
    [TestCase("acme.acme-hq.", null)]
    [TestCase("Acme.hq.abc", null)]
    [TestCase("provider:x.hq.abc", null)]
    [TestCase("", null)]
    public void A_token_names_its_agent(string text, string? agent) => Assert.That(RefreshToken.Read(text)?.Agent, Is.EqualTo(agent));

    private static AgentEvent Renewed(string refresh, string shown) => new AgentEvent.Renewed(refresh, shown, Noon);

    private static Agent Given(params AgentEvent[] events) => events.Aggregate(Agent.None, Agent.Evolve);

    private static Defaults.Decision<AgentEvent> Decide(string shown, string keyId, DateTimeOffset now, params AgentEvent[] events) => RenewTokens.Decide(Given(events), keyId, shown, "fresh", now);

    private static IReadOnlyList<AgentEvent> Renew(string shown, params AgentEvent[] events) => Decide(shown, Key.Id, Noon, events).Events;

    private static bool Refused(string shown, params AgentEvent[] events) => Decide(shown, Key.Id, Noon, events).Refusal == RenewTokens.NoLonger;
}

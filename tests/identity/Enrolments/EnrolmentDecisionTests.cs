using Fleet.Identity.Agents;
using Fleet.Identity.Enrolments;
using Fleet.Identity.OAuth;
using Fleet.Identity.Proofs;
using Fleet.Testing;

namespace Fleet.Identity.Tests.Enrolments;

using Agent = Fleet.Identity.Agents.Agent; // not the namespace of the program

public class EnrolmentDecisionTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ProofKey Key = new("xxx", "yyy"), Other = new("zzz", "yyy");

    [Test]
    public void A_code_waits_for_a_person_and_then_gives_tokens()
    {
        Assert.That(Redeem(Asked), Is.EqualTo(TokenError.Pending));
        Assert.That(Redeem(Asked, Approved), Is.Null);
    }

    [Test]
    public void A_code_is_of_use_to_its_own_key_only() => Assert.That(RedeemEnrolment.Decide(Given(Asked, Approved), Other.Id, Noon), Is.EqualTo(RedeemEnrolment.NoSuchCode));

    [Test]
    public void A_code_is_of_use_once() => Assert.That(Redeem(Asked, Approved, new EnrolmentEvent.Redeemed(Noon)), Is.EqualTo(RedeemEnrolment.NoSuchCode));

    [Test]
    public void A_denied_code_says_so() => Assert.That(Redeem(Asked, new EnrolmentEvent.Denied("acme", "boss", Noon)), Is.EqualTo(TokenError.Denied));

    [Test]
    public void After_a_quarter_of_an_hour_a_code_is_void_even_an_approved_one()
    {
        Assert.That(RedeemEnrolment.Decide(Given(Asked, Approved), Key.Id, Noon.AddMinutes(15)), Is.EqualTo(TokenError.Expired));
        Assert.That(RedeemEnrolment.Decide(Given(Asked, Approved), Key.Id, Noon.AddMinutes(15).AddTicks(-1)), Is.Null, "the twin");
    }

    [Test]
    public void Two_people_decide_on_a_code_once()
    {
        Assert.That(Approve(Asked).Approved, Is.EqualTo(Approved));
        Assert.That(Approve(Asked, Approved).Refusal, Is.EqualTo(ApproveEnrolment.Decided));
        Assert.That(Approve(Asked, new EnrolmentEvent.Denied("acme", "boss", Noon)).Refusal, Is.EqualTo(ApproveEnrolment.Decided));
        Assert.That(DenyEnrolment.Decide("acme", "boss", Given(Asked, Approved), Noon).Refusal, Is.EqualTo(ApproveEnrolment.Decided));
        Assert.That(DenyEnrolment.Decide("acme", "boss", Given(Asked, new EnrolmentEvent.Denied("acme", "boss", Noon)), Noon).Events, Is.Empty, "a second denial changes nothing");
    }

    [Test]
    public void Whoever_looks_at_one_machine_lets_no_other_in() =>
        Assert.That(ApproveEnrolment.Decide(new("BCDF-GHJK", "hq", KeyId: Other.Id), "acme", "acme-hq", "boss", Given(Asked), Agent.None, Noon).Refusal?.Type, Is.EqualTo("other-key"));

    [TestCase("bcdf-ghjk", "BCDFGHJK")]
    [TestCase(" BCDF GHJK ", "BCDFGHJK")]
    [TestCase("BCDFGHJK", "BCDFGHJK")]
    [TestCase("BCDFGHJ", null)]
    [TestCase("BCDF-GHJA", null)]
    [TestCase("<script>", null)]
    [TestCase(null, null)]
    public void A_code_is_read_however_it_is_typed(string? typed, string? code) => Assert.That(UserCode.Read(typed), Is.EqualTo(code));

    [Test]
    public void An_id_is_the_site_then_the_first_free_number()
    {
        Assert.That(Choose([]), Is.EqualTo("acme-hq"));
        Assert.That(Choose([new("acme-hq", "hq", "k1")]), Is.EqualTo("acme-hq-2"));
        Assert.That(Choose([new("acme-hq", "hq", "k1"), new("acme-hq-2", "hq", "k2")]), Is.EqualTo("acme-hq-3"));
        Assert.That(Choose([], clients: "acme-hq"), Is.EqualTo("acme-hq-2"), "an agent with a secret has it");
    }

    [Test]
    public void A_key_is_one_agent_for_ever()
    {
        KnownAgent[] known = [new("acme-hq", "hq", "k1"), new("acme-hq-2", "hq", "mine")];
        Assert.That(Choose(known), Is.EqualTo("acme-hq-2"));
        Assert.That(Refuse(known, site: "branch"), Is.EqualTo("key-taken"));
        Assert.That(Refuse(known, wanted: "acme-hq"), Is.EqualTo("key-taken"));
        Assert.That(Refuse([known[0]], wanted: "acme-hq"), Is.EqualTo("agent-id-taken"));
        Assert.That(Refuse([], wanted: "Acme HQ"), Is.EqualTo("agent-id"));
    }

    [Test]
    public void Who_asks_too_fast_waits_five_seconds_longer_each_time()
    {
        var clock = new StoppedClock();
        var pace = new PollPace(clock);
        bool After(int seconds)
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            return pace.IsTooFast("one");
        }
        Assert.That(new[] { After(0), After(5), After(2), After(5), After(10), After(15), After(15) }, Is.EqualTo(new[] { false, false, true, true, true, true, true }));
        Assert.That((After(30), pace.IsTooFast("another")), Is.EqualTo((false, false)));
    }

    [Test]
    public void Of_those_who_wait_only_so_many_are_remembered()
    {
        var clock = new StoppedClock();
        var pace = new PollPace(clock, capacity: 2);
        foreach (var who in new[] { "one", "two", "three" })
        {
            pace.IsTooFast(who);
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.That((pace.IsTooFast("three"), pace.IsTooFast("one")), Is.EqualTo((true, false)));
    }

    private static EnrolmentEvent Asked => new EnrolmentEvent.Asked("BCDFGHJK", Key.X, Key.Y, Noon.AddMinutes(15), Noon);

    private static EnrolmentEvent Approved => new EnrolmentEvent.Approved("acme", "hq", "acme-hq", "boss", Noon);

    private static Enrolment Given(params EnrolmentEvent[] events) => events.Aggregate(Enrolment.None, Enrolment.Evolve);

    private static TokenError? Redeem(params EnrolmentEvent[] events) => RedeemEnrolment.Decide(Given(events), Key.Id, Noon);

    private static (EnrolmentEvent.Approved? Approved, AgentEvent.Enrolled? Enrolled, Defaults.Refusal? Refusal) Approve(params EnrolmentEvent[] events) =>
        ApproveEnrolment.Decide(new("BCDF-GHJK", "hq"), "acme", "acme-hq", "boss", Given(events), Agent.None, Noon);

    private static string? Choose(KnownAgent[] known, params string[] clients) => ChooseAgentId.Decide(null, "acme", "hq", "mine", known, clients.ToHashSet()).AgentId;

    private static string? Refuse(KnownAgent[] known, string? wanted = null, string site = "hq") =>
        ChooseAgentId.Decide(wanted, "acme", site, "mine", known, new HashSet<string>()).Refusal?.Type;
}

using System.Text;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Held;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Agents;

/// <summary>An agent that was enrolled is believed by its signature alone, and its numbers are its own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CheckSealTests : IDisposable
{
    private readonly SigningSite _hq = new(), _stranger = new();
    private readonly GateWorld _world = GateWorld.OfAcme(knowsTestAgents: false);

    public CheckSealTests() => _world.Learns(_hq.Enrolled);

    public void Dispose()
    {
        _hq.Dispose();
        _stranger.Dispose();
    }

    private static readonly Dictionary<string, (Func<EdgeDelivery, SigningSite, EdgeDelivery> Forge, string Refused)> Forgeries = new()
    {
        ["no signature"] = ((batch, _) => batch with { Signature = null }, "unsigned"),
        ["no key"] = ((batch, _) => batch with { KeyId = null }, "unsigned"),
        ["no signature at all"] = ((batch, _) => batch with { Signature = "AAAA" }, "unsigned"),
        ["no predecessor"] = ((batch, _) => batch with { Previous = null }, "unsigned"),
        ["a body that is none"] = ((batch, _) => batch with { Body = Encoding.UTF8.GetBytes("x") }, "schema"),
        ["a body too large"] = ((batch, _) => batch with { Body = new byte[1024 * 1024 + 1] }, "oversize"),
        ["another's signature"] = ((batch, stranger) => stranger.Signs(batch) with { KeyId = batch.KeyId }, "signature"),
        ["a body altered"] = ((batch, _) => batch with { Body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(batch.Body.Span).Replace("7342", "9342", StringComparison.Ordinal)) }, "signature"),
        ["another number"] = ((batch, _) => batch with { Sequence = batch.Sequence + 1 }, "signature"),
        ["another predecessor"] = ((batch, _) => batch with { Previous = new string('a', 64) }, "signature"),
    };

    [TestCaseSource(nameof(Names))]
    public void What_is_not_its_word_is_refused_by_name_and_uses_up_nothing(string name)
    {
        var (forge, refused) = Forgeries[name];
        _world.Receives(_hq.SendsAt(Noon, Seen()));
        var batch = _hq.SendsAt(Noon, Meter(7342));

        var forged = _world.Receives(forge(batch, _stranger));
        Assert.That((forged.Accepted, string.Join(' ', forged.Refused.Keys)), Is.EqualTo((0, refused)));
        Assert.That(Hq.Highest, Is.EqualTo(1), "no number is used up");

        // The twin, and the point of it: the true batch comes after the forged one, and is kept.
        Assert.That(_world.Receives(batch).Accepted, Is.EqualTo(1));
        Assert.That((Hq.Highest, Hq.Missing.Count), Is.EqualTo((2, 0)));
    }

    private static IEnumerable<string> Names => Forgeries.Keys;

    [Test]
    public void What_is_accepted_says_which_key_it_was_checked_with_and_what_it_follows()
    {
        _world.Receives(_hq.SendsAt(Noon, Seen()), _hq.SendsAt(Noon, Meter(1)));

        var accepted = _world.All<AgentEvent.BatchAccepted>();
        Assert.That(accepted.Select(batch => batch.KeyId), Is.All.EqualTo(_hq.Enrolled.KeyId));
        Assert.That(accepted[1].Previous, Is.EqualTo(accepted[0].Sha256));
    }

    [Test]
    public void Who_was_let_in_by_nobody_and_signs_nothing_is_refused()
    {
        var plant = new Site(site: "plant", agent: "acme-plant");

        var refused = _world.Receives(plant.SendsAt(Noon, Meter(1)) with { Signature = null });

        Assert.That((refused.Accepted, string.Join(' ', refused.Refused.Keys), refused.Held.Count), Is.EqualTo((0, "unsigned", 0)));
    }

    // Its agent may have been let in a moment ago, under a new key, and be faster than the news.
    [Test]
    public void A_key_nobody_has_heard_of_yet_is_waited_for_and_its_batch_counts_as_nothing_meanwhile()
    {
        var first = _stranger.SendsAt(Noon, Meter(1));

        var held = _world.Receives(first, first);
        Assert.That((held.Held.Count, held.Accepted, held.Refused.Count, held.Appends.Count, Hq.Highest), Is.EqualTo((1, 0, 0, 0, 0)));
    }

    [Test]
    public void Only_so_much_of_a_site_waits_and_the_rest_is_refused()
    {
        for (var i = 0; i < HeldRoom.OfASite.Batches; i++)
            Assert.That(_world.Receives(_stranger.SendsAt(Noon, Meter(i))).Held, Has.Count.EqualTo(1));

        var more = _world.Receives(_stranger.SendsAt(Noon, Meter(1)));

        Assert.That((more.Held.Count, string.Join(' ', more.Refused.Keys), Hq.Highest), Is.EqualTo((0, "unknown-key", 0)));
    }

    [Test]
    public void A_revoked_key_vouches_for_what_was_observed_before_and_for_nothing_after()
    {
        _world.Learns(_hq.RevokedAt(Noon.AddMinutes(10)));

        var before = _world.Receives(_hq.SendsAt(Noon.AddMinutes(9), Meter(1)));
        var after = _world.Receives(_hq.SendsAt(Noon.AddMinutes(10), Meter(2)));

        Assert.That((before.Accepted, after.Accepted, string.Join(' ', after.Refused.Keys)), Is.EqualTo((1, 0, "revoked-key")));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_key_and_its_end_are_known_in_whatever_order_they_are_heard(bool endFirst)
    {
        var world = GateWorld.OfAcme(knowsTestAgents: false);
        object[] news = [_hq.Enrolled, _hq.RevokedAt(Noon)];
        foreach (var one in endFirst ? news.Reverse() : news)
            world.Learns(one);
        foreach (var one in news)
            world.Learns(one);

        Assert.That(world.AgentOf("acme", "hq/acme-hq").Keys, Is.EqualTo(new[] { new AgentKey(_hq.Enrolled.KeyId, _hq.Enrolled.X, _hq.Enrolled.Y, Noon) }));
        Assert.That(world.All<AgentEvent>(), Has.Count.EqualTo(2), "the second time says nothing new");
    }

    private Agent Hq => _world.AgentOf("acme", "hq/acme-hq");
}

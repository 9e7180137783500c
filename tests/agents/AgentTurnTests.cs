using System.Text.Json;
using Fleet.Agent.Granting;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Two agents at one site, as one of them sees it.</summary>
public class AgentTurnTests : AgentHome
{
    private readonly StringWriter lines = new();
    private readonly SnmpManualClock clock = new();
    private Spool spool = null!;
    private SiteTurn turn = null!;

    [SetUp]
    public void OpenSpool()
    {
        spool = Open(Home);
        turn = new(spool, clock, new(lines, clock));
    }

    [TearDown]
    public void Delete()
    {
        spool.Dispose();
    }

    [OneTimeTearDown]
    public void Dispose() => lines.Dispose();

    [Test]
    public void What_was_read_since_the_other_took_over_goes_and_what_was_read_before_stays()
    {
        Take("before");
        clock.Advance(TimeSpan.FromMinutes(1));
        Take("since");
        spool.Accept([Entry("its own health")], [], clock.GetUtcNow());

        turn.Held("other", clock.GetUtcNow(), lasting: TimeSpan.FromSeconds(30));
        Take("later");

        Assert.That(Waiting(), Is.EqualTo(new[] { "before", "its own health" }));
        Assert.That(spool.Tally, Is.EqualTo(new Tally(Sent: 0, Kept: 2, Refused: 1)));
        Assert.That(turn.HeldBy, Is.EqualTo("other"));
    }

    [Test] // the twin
    public void While_it_is_its_turn_everything_is_kept()
    {
        Take("one");
        turn.Granted(clock.GetUtcNow(), anotherWaits: true, anew: true);
        Take("two");
        Assert.That(Waiting(), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public void A_batch_that_has_its_number_stays_as_it_was_made_before()
    {
        Take("numbered");
        var batch = spool.Waiting(EdgeBatch.ReadingLane, 0, 1).Single();
        turn.Held("other", clock.GetUtcNow(), TimeSpan.FromDays(1));
        Assert.That(spool.Waiting(EdgeBatch.ReadingLane, 0, 1).Single().Body, Is.EqualTo(batch.Body));
    }

    [Test]
    public void Taking_over_it_says_everything_anew_but_the_meters_of_the_day()
    {
        var said = Fleet.Agent.Changes.KeepChanges.Decide(null, Seen, metersDue: true, Today);
        spool.Accept([], [said.Memory], Noon);
        turn.Granted(clock.GetUtcNow(), anotherWaits: false, anew: false);
        Assert.That(spool.Device(Device.Key)!.Seen, Is.Not.Null, "it had the site all the time");

        turn.Granted(clock.GetUtcNow(), anotherWaits: false, anew: true);
        var again = Fleet.Agent.Changes.KeepChanges.Decide(spool.Device(Device.Key), Seen, metersDue: false, Today);
        Assert.That(again.Facts.Select(fact => fact.Type), Is.EqualTo(new[] { EdgeEventTypes.DeviceSeen, EdgeEventTypes.SuppliesRead, EdgeEventTypes.StatusChanged }));
    }

    [Test]
    public void It_sends_as_long_as_nobody_else_can_have_the_site()
    {
        Assert.That(turn.MaySend, Is.True, "an agent alone sends what it has, whoever answers or not");
        turn.Granted(clock.GetUtcNow(), anotherWaits: false, anew: true);
        clock.Advance(TimeSpan.FromDays(10));
        Assert.That(turn.MaySend, Is.True, "nobody else is there");

        turn.Granted(clock.GetUtcNow(), anotherWaits: true, anew: false);
        clock.Advance(SiteTurn.HoldBack - TimeSpan.FromSeconds(1));
        Assert.That(turn.MaySend, Is.True);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.That(turn.MaySend, Is.False);
        turn.Granted(clock.GetUtcNow(), anotherWaits: true, anew: false);
        Assert.That(turn.MaySend, Is.True);
        turn.Held("other", clock.GetUtcNow(), TimeSpan.Zero);
        clock.Advance(TimeSpan.FromDays(1));
        Assert.That(turn.MaySend, Is.True, "what is left is from before");
    }

    [Test]
    public void After_a_restart_it_knows_that_another_waits()
    {
        turn.Kept(anotherWaits: true);
        Assert.That(turn.MaySend, Is.False);
        turn.Kept(anotherWaits: false);
        Assert.That(turn.MaySend, Is.True);
    }

    [Test]
    public void Agents_that_share_a_secret_give_a_nameless_device_the_same_name_and_others_do_not()
    {
        var (one, other) = (FreshDirectory(), FreshDirectory());
        var file = Path.Combine(one, "site.key");
        File.WriteAllText(file, "sixteen characters, at least\n");
        Assert.That(NameIn(one, file), Is.EqualTo(NameIn(other, file)));
        Assert.That(NameIn(one, null), Is.Not.EqualTo(NameIn(other, null)), "the twin");
        File.WriteAllText(file, "short");
        Assert.That(() => NameIn(one, file), Throws.TypeOf<Fleet.Agent.Configuration.ConfigException>().With.Message.StartsWith("siteSecretFile: what is in"));
        Assert.That(() => NameIn(one, file + ".not"), Throws.TypeOf<Fleet.Agent.Configuration.ConfigException>().With.Message.StartsWith("siteSecretFile: "));
        Directory.Delete(one, recursive: true);
        Directory.Delete(other, recursive: true);
    }

    private static string NameIn(string directory, string? secretFile)
    {
        using var spool = Fleet.Agent.AgentRun.OpenSpool(Config(directory) with { SiteSecretFile = secretFile }, Around());
        return Fleet.Agent.Polling.Target.NameOf("address/192.0.2.7", spool.Salt);
    }

    private void Take(string text) => spool.Accept([Entry(text) with { Device = "k1", Type = EdgeEventTypes.MeterRead }], [], clock.GetUtcNow());

    private IEnumerable<string> Waiting() => spool.Waiting(EdgeBatch.ReadingLane, 0, 10).SelectMany(batch => JsonSerializer.Deserialize<List<string>>(batch.Body)!);
}

using Fleet.Agent.Changes;
using Fleet.Agent.Events;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What gives way when the broker is away for long.</summary>
public class AgentRoomTests : AgentHome
{
    private static readonly Entry Meters = Entry(Fact.Of(AgentSamples.Seen.Meters!)), Supplies = Entry(Fact.Of(AgentSamples.Seen.Supplies!)),
        Status = Entry(Fact.Of(AgentSamples.Seen.Status!)), Raised = Entry(Fact.Of(Alert(7)));


    [Test]
    public void Supplies_and_statuses_go_before_alerts_and_alerts_before_meters()
    {
        Entry[] all = [Meters, Supplies, Raised, Status, Meters];
        var order = new List<string>();
        for (var missing = 1; missing <= all.Length; missing++)
        {
            using var spool = Open(FreshBelow(missing), maxBytes: all.Sum(one => one.Event.Length) - Lengths(order) - 1);
            var dropped = spool.Accept(all, [], Noon);
            order = [.. dropped.Select(one => one.Type)];
            Assert.That((order.Count, spool.Tally), Is.EqualTo((missing, new Tally(Sent: 0, Kept: all.Length - missing, Refused: missing))));
        }
        Assert.That(order, Is.EqualTo(new[]
        {
            EdgeEventTypes.SuppliesRead, EdgeEventTypes.StatusChanged, EdgeEventTypes.AlertRaised, EdgeEventTypes.MeterRead, EdgeEventTypes.MeterRead
        }));

        int Lengths(IEnumerable<string> types) => types.Sum(type => all.First(one => one.Type == type).Event.Length);
    }

    [Test]
    public void The_oldest_of_a_kind_goes_first()
    {
        using var spool = Open(Home, maxBytes: 20);
        spool.Accept(Entry("first..."), Entry("second.."));
        var dropped = spool.Accept([Entry("third...")], [], Noon);
        Assert.That(dropped, Is.EqualTo(new[] { Entry("first...") }).Using<Entry>((x, y) => x.Event.AsSpan().SequenceEqual(y.Event)));
    }

    [Test]
    public void What_waited_too_long_goes_whatever_it_is()
    {
        using var spool = Open(Home);
        spool.Accept([Meters], [], Noon);
        Assert.That(spool.Accept([Meters], [], Noon.AddDays(90)), Is.Empty);
        Assert.That(spool.Accept([Meters], [], Noon.AddDays(90).AddSeconds(1)), Has.Count.EqualTo(1));
        Assert.That(spool.Tally, Is.EqualTo(new Tally(Sent: 0, Kept: 2, Refused: 1)));
    }

    [Test]
    public void A_batch_that_has_its_number_never_goes_so_the_numbers_have_no_gap()
    {
        using var spool = Open(Home, maxBytes: 16);
        spool.Accept(Entry("numbered"));
        Assert.That(spool.Waiting(EdgeBatch.ReadingLane, 0, 1), Has.Count.EqualTo(1));
        var dropped = spool.Accept([Entry("late....")], [], Noon.AddYears(1));
        Assert.That(dropped, Has.Count.EqualTo(1), "only what has no number can go");
        Assert.That(spool.Waiting(EdgeBatch.ReadingLane, 0, 9).Select(batch => batch.Sequence), Is.EqualTo(new[] { 1L }));
    }

    [Test]
    public void What_was_dropped_was_never_said_so_the_next_visit_says_it_again()
    {
        var said = KeepChanges.Decide(null, Seen, metersDue: true, Today);
        using var spool = Open(Home, maxBytes: 1);
        var dropped = spool.Accept([.. said.Facts.Select(Entry)], [said.Memory], Noon);
        Assert.That(dropped, Has.Count.EqualTo(said.Facts.Count));

        var again = KeepChanges.Decide(spool.Device("k1"), Seen, metersDue: false, Today);
        Assert.That(again.Facts.Select(fact => fact.Type), Is.EqualTo(said.Facts.Select(fact => fact.Type)));
        Assert.That(KeepChanges.Decide(said.Memory, Seen, metersDue: false, Today).Facts, Is.Empty, "what was kept is not said twice");
    }

    [Test]
    public void A_dropped_alert_is_raised_again_and_a_dropped_clearing_is_cleared_again()
    {
        var raised = KeepChanges.Decide(null, Seen with { Alerts = [Alert(7)] }, metersDue: false, Today).Memory;
        var forgotten = Unsay.From(raised, Raised);
        Assert.That(Types(KeepChanges.Decide(forgotten, Seen with { Alerts = [Alert(7)] }, false, Today)), Does.Contain(EdgeEventTypes.AlertRaised));
        Assert.That(Types(KeepChanges.Decide(raised, Seen with { Alerts = [Alert(7)] }, false, Today)), Does.Not.Contain(EdgeEventTypes.AlertRaised));

        var cleared = KeepChanges.Decide(raised, Seen, metersDue: false, Today).Memory;
        var open = Unsay.From(cleared, Entry(Fact.Of(new AlertCleared(Device, "1.7", 8))));
        Assert.That(Types(KeepChanges.Decide(open, Seen, false, Today)), Does.Contain(EdgeEventTypes.AlertCleared));
        Assert.That(Types(KeepChanges.Decide(cleared, Seen, false, Today)), Does.Not.Contain(EdgeEventTypes.AlertCleared));
    }

    private static IEnumerable<string> Types(Kept kept) => kept.Facts.Select(fact => fact.Type);

    private string FreshBelow(int number) => Directory.CreateDirectory(Path.Combine(Home, $"{number}")).FullName;
}

using Fleet.Agent.Discovering;

namespace Fleet.Agents.Tests;

public class DiscoverCompareTests
{
    private static readonly DateTimeOffset Monday = AgentSamples.Noon, Tuesday = Monday.AddDays(1);

    [Test]
    public void The_first_sweep_finds_everything_new() =>
        Assert.That(Decide([], Found("a", "1"), Found("b", "2")).Changes.New.Select(one => one.Key), Is.EqualTo(new[] { "a", "b" }));

    [Test]
    public void The_same_again_is_no_news()
    {
        var (known, changes) = Decide([Known("a", "1")], Found("a", "1"));
        Assert.That(known, Is.EqualTo(new[] { Known("a", "1") }));
        Assert.That((changes.New.Count, changes.Moved.Count, changes.Vanished.Count, changes.Returned.Count, changes.Doubles.Count), Is.EqualTo((0, 0, 0, 0, 0)));
    }

    [Test]
    public void Two_that_changed_places_have_moved_and_none_vanished()
    {
        var (known, changes) = Decide([Known("a", "1"), Known("b", "2")], Found("b", "1"), Found("a", "2"));
        Assert.That(changes.Moved.Select(move => (move.To.Key, move.From.Address, move.To.Address)), Is.EquivalentTo(new[] { ("b", "2", "1"), ("a", "1", "2") }));
        Assert.That((known.Count, changes.Vanished.Count), Is.EqualTo((2, 0)));
    }

    [Test]
    public void A_printer_that_stands_there_and_does_not_say_who_it_is_has_not_vanished()
    {
        var (known, changes) = Decide([Known("a", "1")], ("t1", null));
        Assert.That((known.Single(), changes.Vanished.Count), Is.EqualTo((Known("a", "1"), 0)));
    }

    [Test]
    public void One_device_at_two_addresses_stays_where_it_was()
    {
        var (known, changes) = Decide([Known("a", "2")], Found("a", "1"), Found("a", "2"));
        Assert.That((known.Single().Address, changes.Moved.Count, changes.Doubles.Single().Address), Is.EqualTo(("2", 0, "1")));
    }

    [Test]
    public void Who_has_vanished_is_said_once_kept_for_a_while_and_then_forgotten()
    {
        var (kept, first) = Decide([Known("a", "1")]);
        var (_, second) = CompareSweeps.Decide(kept, [], Tuesday.AddDays(1));
        var (forgotten, _) = CompareSweeps.Decide(kept, [], Tuesday + CompareSweeps.ForgetAfter);
        Assert.That((first.Vanished.Count, kept.Single().MissingSince, second.Vanished.Count, forgotten.Count), Is.EqualTo((1, (DateTimeOffset?)Tuesday, 0, 0)));
    }

    [Test]
    public void A_vanished_printer_whose_address_another_one_has_is_not_asked_there()
    {
        var (known, changes) = Decide([Known("a", "1")], Found("b", "1"));
        Assert.That((known.Select(one => one.Key), changes.New.Count, changes.Vanished.Count), Is.EqualTo((new[] { "b" }, 1, 1)));
    }

    private static (IReadOnlyList<KnownPrinter> Known, SweepChanges Changes) Decide(KnownPrinter[] before, params (string, KnownPrinter?)[] found) => CompareSweeps.Decide(before, found, Tuesday);

    private static KnownPrinter Known(string key, string address) => new(key, $"t{address}", address, key);

    private static (string, KnownPrinter?) Found(string key, string address) => ($"t{address}", Known(key, address));
}

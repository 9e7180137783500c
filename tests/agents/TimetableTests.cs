using Fleet.Agent.Polling;

namespace Fleet.Agents.Tests;

/// <summary>Who is looked at next, of many.</summary>
public class TimetableTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly Timetable table = new();

    [SetUp]
    public void Start() => table.Follow([], Noon);

    [Test]
    public void First_visits_are_a_hundred_a_second()
    {
        table.Follow([.. Enumerable.Range(1, 250).Select(n => Device(n))], Noon);
        Assert.That(new[] { Noon, Noon.AddSeconds(1), Noon.AddSeconds(2), Noon.AddSeconds(3) }.Select(Taken), Is.EqualTo(new[] { 1, 100, 100, 49 }));
        Assert.That((table.Count, table.Next), Is.EqualTo((250, (DateTimeOffset?)null)), "under way, and not forgotten");
    }

    [Test]
    public void Nobody_has_two_places()
    {
        table.Follow([Device(1)], Noon);
        var device = table.Take(Noon)!;
        table.Turn(device, Noon.AddMinutes(1));
        table.Turn(device, Noon.AddSeconds(20));
        Assert.That((table.Next, Taken(Noon.AddHours(1))), Is.EqualTo((Noon.AddSeconds(20), 1)));
    }

    [Test]
    public void Who_leaves_has_no_turn_any_more_and_who_comes_back_is_looked_at_anew()
    {
        table.Follow([Device(1), Device(2)], Noon);
        var (one, two) = (table.Take(Noon.AddSeconds(1))!, table.Take(Noon.AddSeconds(1))!);
        table.Turn(two, Noon.AddMinutes(1));
        Assert.That(table.Follow([], Noon), Is.EquivalentTo(new[] { one, two }), "one of them in the middle of its visit");
        Assert.That((table.Next, table.Count, table.Has(one)), Is.EqualTo(((DateTimeOffset?)null, 0, false)));
        table.Follow([Device(1)], Noon.AddMinutes(2));
        Assert.That((table.Has(one), table.Next), Is.EqualTo((false, Noon.AddMinutes(2))));
    }

    [Test]
    public void Who_stays_keeps_its_turn()
    {
        table.Follow([Device(1)], Noon);
        table.Turn(table.Take(Noon)!, Noon.AddMinutes(1));
        Assert.That(table.Follow([Device(1), Device(2)], Noon.AddSeconds(30)), Is.Empty);
        Assert.That((Taken(Noon.AddSeconds(59)), Taken(Noon.AddSeconds(60))), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_call_brings_a_turn_forward_once_and_ten_seconds_after_the_last_visit_at_the_soonest()
    {
        table.Follow([Device(1)], Noon);
        var device = table.Take(Noon)!;
        Assert.That(table.Call("192.0.2.1", Noon), Is.False, "it is being visited");
        Rest(device, Noon.AddMinutes(1));
        Assert.That((table.Call("192.0.2.9", Noon), table.Call("192.0.2.1", Noon.AddSeconds(2)), table.Call("192.0.2.1", Noon.AddSeconds(3))), Is.EqualTo((false, true, false)));
        Assert.That((table.Next, device.Agenda!.Due(Noon.AddSeconds(10))), Is.EqualTo((Noon.AddSeconds(10), Look.Status)));
        Assert.That((Taken(Noon.AddSeconds(9)), Taken(Noon.AddHours(1))), Is.EqualTo((0, 1)), "and its old turn is none");
    }

    [Test]
    public void A_call_puts_nobody_off()
    {
        table.Follow([Device(1)], Noon);
        var device = table.Take(Noon)!;
        Rest(device, Noon.AddSeconds(4));
        Assert.That((table.Call("192.0.2.1", Noon.AddSeconds(1)), table.Next, device.Agenda!.Due(Noon.AddSeconds(4))), Is.EqualTo((true, Noon.AddSeconds(4), Look.Status)));
    }

    private void Rest(Followed device, DateTimeOffset until)
    {
        device.Agenda = Agenda.From(Noon, 0) with { Status = until, Supplies = Noon.AddHours(1), Meters = Noon.AddHours(1) };
        device.Rests = Noon;
        table.Turn(device, until);
    }

    private int Taken(DateTimeOffset now)
    {
        var taken = 0;
        while (table.Take(now) is not null) taken++;
        return taken;
    }

    private static Target Device(int n) => Target.Of(new($"192.0.2.{n}"), [1]);
}

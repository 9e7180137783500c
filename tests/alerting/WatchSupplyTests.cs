using Fleet.Alerting.Alerts;
using static Fleet.Alerting.Tests.Say;

namespace Fleet.Alerting.Tests;

public class WatchSupplyTests
{
    [Test]
    public void A_low_cartridge_raises_one_warning_that_says_what_and_how_much() =>
        Assert.That(Hear(Toner(0, 9)), Is.EqualTo(new[]
        {
            new AlertEvent.Raised(AlertId.Of("acme", "d1", "supply-1.1", 1), 1, "d1", "supply-1.1", "warning", "Black toner is low: 9 % left", Minute(0)),
        }));

    [TestCase(10.1, false), TestCase(10, true), TestCase(0.1, true)]
    public void The_line_is_ten_percent(decimal percent, bool raises) =>
        Assert.That(Told(Hear(Toner(0, percent))).Any(), Is.EqualTo(raises));

    [Test]
    public void An_empty_cartridge_is_critical_at_once() => Assert.That(Told(Hear(Toner(0, 0))), Is.EqualTo(new[] { "raised 1 critical" }));

    [Test]
    public void A_low_cartridge_that_runs_empty_is_the_same_alert_worse() =>
        Assert.That(Told(Hear(Toner(0, 9), Toner(1, 0), Toner(2, 0.4m))), Is.EqualTo(new[] { "raised 1 warning", "worsened critical" }));

    [Test]
    public void A_gauge_that_wanders_around_the_line_rings_once() =>
        Assert.That(Told(Hear(Toner(0, 10), Toner(1, 12), Toner(2, 9), Toner(3, 24), Toner(4, 25), Toner(5, 8))), Is.EqualTo(new[] { "raised 1 warning" }));

    [Test]
    public void A_new_cartridge_ends_the_episode_and_its_own_end_is_the_next_one() =>
        Assert.That(Told(Hear(Toner(0, 9), Toner(1, 25.1m), Toner(2, 100), Toner(3, 10))),
            Is.EqualTo(new[] { "raised 1 warning", "resolved by device", "raised 2 warning" }));

    [Test]
    public void The_same_reading_delivered_twice_changes_nothing() =>
        Assert.That(Hear(Toner(0, 9), Toner(0, 9), Toner(1, 40), Toner(1, 40), Toner(0, 9)), Has.Count.EqualTo(2));

    [Test]
    public void A_late_low_reading_does_not_reopen_what_a_newer_one_cleared() =>
        Assert.That(Told(Hear(Toner(0, 9), Toner(5, 60), Toner(3, 4))), Is.EqualTo(new[] { "raised 1 warning", "resolved by device" }));

    [Test]
    public void A_late_low_reading_does_not_raise_when_a_newer_one_was_fine_from_the_start() =>
        Assert.That(Told(Hear(Toner(5, 60), Toner(3, 4))), Is.Empty);

    [Test]
    public void A_late_good_reading_does_not_resolve_what_a_newer_one_raised() =>
        Assert.That(Told(Hear(Toner(5, 9), Toner(3, 60))), Is.EqualTo(new[] { "raised 1 warning" }));

    [TestCase("unknown"), TestCase("some-remaining"), TestCase("other")]
    public void What_the_device_does_not_know_is_no_evidence_for_or_against(string state) =>
        Assert.That(Hear(Toner(1, 9), Toner(2, null, state), Toner(3, 0, state)), Has.Count.EqualTo(1), $"{state}");

    [Test]
    public void A_measured_low_counts_although_an_unknown_is_newer() =>
        Assert.That(Told(Hear(Toner(2, null, "unknown"), Toner(1, 9))), Is.EqualTo(new[] { "raised 1 warning" }));

    [Test]
    public void A_supply_that_is_neither_consumed_nor_filled_raises_nothing() => Assert.That(Hear(Toner(0, 1, supplyClass: "other")), Is.Empty);

    [Test]
    public void A_receptacle_counts_the_room_that_is_left()
    {
        var full = (AlertEvent.Raised)Hear(WasteBox(0, 0)).Single();
        var almost = (AlertEvent.Raised)Hear(WasteBox(0, 8)).Single();
        Assert.Multiple(() =>
        {
            Assert.That(full, Has.Property("Severity").EqualTo("critical").And.Property("Summary").EqualTo("Waste box is full"));
            Assert.That(almost, Has.Property("Severity").EqualTo("warning").And.Property("Summary").EqualTo("Waste box is almost full: 8 % room left"));
            Assert.That(Told(Hear(WasteBox(0, 92))), Is.Empty, "an empty waste box has much room");
        });
    }
}

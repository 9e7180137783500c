using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Devices;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class DeviceDecisionTests
{
    private readonly Site _hq = new();
    private readonly GateWorld _world = GateWorld.OfAcme();

    [Test]
    public void A_supply_is_news_once_per_level()
    {
        Sees(Noon, Toner(3600));
        Sees(Noon.AddMinutes(5), Toner(3600));
        Sees(Noon.AddMinutes(10), Toner(3500));

        Assert.That(_world.All<DeviceEvent.SupplyLevelChanged>().Select(e => (e.Supply.Slot, e.Supply.Level)),
            Is.EqualTo(new (string, long?)[] { ("1.1", 3600), ("1.2", null), ("1.1", 3500) }));
    }

    [Test]
    public void A_late_supply_reading_changes_nothing_even_if_nothing_changed_since()
    {
        Sees(Noon, Toner(3600));
        Sees(Noon.AddMinutes(10), Toner(3600));
        Sees(Noon.AddMinutes(5), Toner(1));

        Assert.That(_world.All<DeviceEvent.SupplyLevelChanged>().Where(e => e.Supply.Slot == "1.1").Select(e => e.Supply.Level), Is.EqualTo(new long?[] { 3600 }));
    }

    [Test]
    public void The_same_errors_in_another_order_are_no_change()
    {
        Sees(Noon, Status("warning", "lowToner", "lowPaper"));
        Sees(Noon.AddMinutes(5), Status("warning", "lowPaper", "lowToner"));
        Sees(Noon.AddMinutes(10), Status("warning", "lowPaper"));

        Assert.That(_world.All<DeviceEvent.StatusChanged>(), Has.Count.EqualTo(2));
    }

    [Test]
    public void A_late_status_changes_nothing()
    {
        Sees(Noon, Status("down", "jammed"));
        Sees(Noon.AddMinutes(-5), Status());

        Assert.That(_world.All<DeviceEvent.StatusChanged>().Single().Status.Device, Is.EqualTo("down"));
    }

    [Test]
    public void Alerts_an_agent_that_starts_anew_does_not_find_are_closed_and_no_others()
    {
        Sees(Noon, Raised("1.1"));
        Sees(Noon, Raised("1.2"));
        Sees(Noon, Raised("1.3", code: 8));
        Sees(Noon.AddMinutes(10), Raised("1.4"));
        Sees(Noon.AddMinutes(5), Status() with { OpenAlerts = [new("1.1", 1104), new("1.3", 1104), new("1.9", 1)] });

        Assert.That(_world.All<DeviceEvent.AlertCleared>().Select(e => (e.Index, e.Code)), Is.EquivalentTo(new[] { ("1.2", 1104), ("1.3", 8) }),
            "not the one that is there, not the one raised after it looked");
    }

    [Test] // the twin
    public void A_status_that_names_no_alerts_closes_none()
    {
        Sees(Noon, Raised("1.1"));
        Sees(Noon.AddMinutes(5), Status());
        Assert.That(_world.All<DeviceEvent.AlertCleared>(), Is.Empty);
    }

    [Test]
    public void A_description_is_news_when_it_differs()
    {
        Sees(Noon, Seen());
        Sees(Noon.AddMinutes(5), Seen());
        Sees(Noon.AddMinutes(10), Seen(location: "Room 7"));
        Sees(Noon.AddMinutes(7), Seen(location: "Room 6"));

        Assert.That(_world.All<DeviceEvent.Registered>(), Has.Count.EqualTo(1));
        Assert.That(_world.All<DeviceEvent.Described>().Single().Card.Location, Is.EqualTo("Room 7"));
    }

    [Test]
    public void An_alert_rings_once_and_again_after_it_was_cleared()
    {
        Sees(Noon, Raised());
        Sees(Noon.AddMinutes(5), Raised());
        Sees(Noon.AddMinutes(10), Cleared());
        Sees(Noon.AddMinutes(15), Raised());

        Assert.That(_world.Everything.OfType<DeviceEvent>().Where(e => e is DeviceEvent.AlertRaised or DeviceEvent.AlertCleared).Select(e => e.GetType().Name),
            Is.EqualTo(new[] { "AlertRaised", "AlertCleared", "AlertRaised" }));
    }

    [Test]
    public void A_late_alert_does_not_reopen_what_a_newer_word_closed()
    {
        Sees(Noon.AddMinutes(10), Cleared());
        Sees(Noon, Raised());

        Assert.That(_world.All<DeviceEvent.AlertRaised>(), Is.Empty);
    }

    [Test]
    public void A_late_clearing_does_not_close_what_was_raised_after_it()
    {
        Sees(Noon.AddMinutes(10), Raised());
        Sees(Noon, Cleared());

        Assert.That(_world.All<DeviceEvent.AlertCleared>(), Is.Empty);
    }

    [Test]
    public void Closed_alerts_do_not_fill_a_device_for_ever()
    {
        var device = Enumerable.Range(1, 500).Aggregate(Device.Unknown, (device, i) =>
            Device.Evolve(device, new DeviceEvent.AlertCleared($"1.{i}", 1104, Noon.AddMinutes(i))));

        Assert.That(device.Alerts, Has.Count.EqualTo(32).And.ContainKey("1.500").And.Not.ContainKey("1.1"));
    }

    private void Sees(DateTimeOffset at, object data) => _world.Receives(_hq.SendsAt(at, data));
}

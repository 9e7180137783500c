using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Supplies;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Supplies;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ReplacedSupplyTests
{
    private readonly Site _hq = new();
    private readonly GateWorld _world = GateWorld.OfAcme();
    private int _day;

    [Test]
    public void A_level_that_rises_to_full_is_another_cartridge()
    {
        Tells(Toner(4));
        Tells(Toner(100));

        Assert.That(_world.All<DeviceEvent.SupplyReplaced>().Single() is { Evidence: Replacement.ByRise, PercentLeft: 4, Premature: false, Before.Percent: 4 });
        Assert.That(_world.All<DeviceEvent.SupplyLevelChanged>().Select(e => e.Supply.Percent), Is.EqualTo(new[] { 4m, 100m }));
    }

    [TestCase(40, 55)] // the twin: a shaken toner rises by a few
    [TestCase(80, 100)]
    public void A_level_that_wanders_is_the_same_cartridge(int before, int now) => Assert.That(Replaced(Toner(before), Toner(now)), Is.False);

    [Test]
    public void Another_serial_is_another_cartridge_whatever_the_gauge_says()
    {
        Tells(Toner(60) with { Serial = "A1" });
        Tells(Toner(55) with { Serial = "B2" });
        Assert.That(_world.All<DeviceEvent.SupplyReplaced>().Single() is { Evidence: Replacement.BySerial, PercentLeft: 60, Premature: true, PrematureAbove: 10 });
    }

    [Test] // the twin
    public void The_same_serial_is_the_same_cartridge_however_far_its_level_rises() =>
        Assert.That(Replaced(Toner(5) with { Serial = "A1" }, Toner(95) with { Serial = "A1" }), Is.False);

    [Test]
    public void A_serial_that_is_not_told_for_a_while_is_no_other_one() => Assert.That(Replaced(Toner(50) with { Serial = "A1" }, Toner(49)), Is.False);

    [Test]
    public void A_serial_that_comes_back_another_is_compared_with_the_last_one_told() =>
        Assert.That(Replaced(Toner(50) with { Serial = "A1" }, Toner(49), Toner(49) with { Serial = "B2" }), Is.True);

    [Test]
    public void A_device_that_says_unknown_after_the_change_is_still_found_out()
    {
        Tells(Toner(3));
        Tells(Unknown("unknown"));
        Tells(Toner(100));
        Assert.That(_world.All<DeviceEvent.SupplyReplaced>().Single().PercentLeft, Is.EqualTo(3));
    }

    [Test]
    public void An_empty_one_that_has_some_remaining_is_another() => Assert.That(Replaced(Toner(0), Unknown("some-remaining")), Is.True);

    [Test] // the twin
    public void One_that_was_not_empty_may_well_have_some_remaining() => Assert.That(Replaced(Toner(20), Unknown("some-remaining")), Is.False);

    [TestCase(10, false)]
    [TestCase(11, true)]
    public void Premature_is_what_had_more_left_than_the_threshold(int left, bool premature)
    {
        foreach (var percent in new[] { left + 2, left + 1, left, 100 })
            Tells(Toner(percent));
        Assert.That(_world.All<DeviceEvent.SupplyReplaced>().Single().Premature, Is.EqualTo(premature));
    }

    [TestCase(25, false)]
    [TestCase(50, true)]
    public void A_gauge_of_quarters_that_says_25_may_have_held_nothing(int left, bool premature)
    {
        for (var percent = 100; percent >= left; percent -= 25)
            Tells(Toner(percent));
        Tells(Toner(100));
        Assert.That(_world.All<DeviceEvent.SupplyReplaced>().Single().Premature, Is.EqualTo(premature));
    }

    [Test]
    public void A_step_of_a_coarse_gauge_upwards_is_no_replacement() => Assert.That(Replaced(Toner(75), Toner(50), Toner(75)), Is.False);

    [Test]
    public void A_supply_that_leaves_the_table_is_removed_once_and_told_again_when_it_comes_back()
    {
        Tells(Toner(50), Drum);
        Tells(Toner(50));
        Tells(Toner(50));
        Tells(Toner(50), Drum);

        Assert.That(_world.All<DeviceEvent.SupplyRemoved>().Select(e => e.Last.Slot), Is.EqualTo(new[] { "1.2" }));
        Assert.That(_world.All<DeviceEvent.SupplyLevelChanged>().Select(e => e.Supply.Slot), Is.EqualTo(new[] { "1.1", "1.2", "1.2" }));
        Assert.That(_world.All<DeviceEvent.SupplyReplaced>(), Is.Empty);
    }

    [Test]
    public void A_late_look_removes_nothing()
    {
        Tells(Toner(50), Drum);
        _world.Receives(_hq.SendsAt(Noon.AddDays(-320), Read(Toner(50))));
        Assert.That(_world.All<DeviceEvent.SupplyRemoved>(), Is.Empty);
    }

    private static SupplyRead Drum => new("1.2", "DK-1150", "opc", "consumed", null, "percent", "measured", 90, 100, 90);

    private static SupplyRead Toner(int percent) => new("1.1", "TK-1170", "toner", "consumed", "black", "percent", "measured", percent, 100, percent);

    private static SupplyRead Unknown(string state) => new("1.1", "TK-1170", "toner", "consumed", "black", "percent", state);

    private static SuppliesRead Read(params SupplyRead[] supplies) => new(P2040, Kyocera, supplies);

    private void Tells(params SupplyRead[] supplies) => _world.Receives(_hq.SendsAt(Noon.AddDays(-300 + _day++), Read(supplies)));

    private bool Replaced(params SupplyRead[] looks)
    {
        foreach (var look in looks)
            Tells(look);
        return _world.All<DeviceEvent.SupplyReplaced>().Any();
    }
}

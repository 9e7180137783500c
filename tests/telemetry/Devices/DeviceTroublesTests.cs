using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Devices;

/// <summary>What happens to printers in the field, as what the gate makes of it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class DeviceTroublesTests
{
    private static readonly DeviceRef Nameless = new("a1", Address: "192.0.2.17");
    private static readonly DeviceRef First = new("k1", "Kyocera", "VXA1", "00:17:c8:00:00:01", "192.0.2.17");
    private static readonly DeviceRef Clone = First with { Key = "k2", Mac = "00:17:c8:00:00:02", Address = "192.0.2.18" };

    private readonly Site _hq = new();
    private readonly GateWorld _world = GateWorld.OfAcme();

    [Test]
    public void A_printer_that_changes_its_address_stays_the_same()
    {
        Sees(Noon, Seen(First));
        Sees(Noon.AddHours(1), Seen(First with { Address = "192.0.2.99" }));

        Assert.That(_world.Devices(), Has.Count.EqualTo(1));
        Assert.That(_world.HistoryOf(_world.Devices()[0]).Select(e => e.GetType().Name), Is.EqualTo(new[] { "Registered", "Described" }));
    }

    [Test]
    public void A_printer_first_known_by_its_address_keeps_its_past_when_it_tells_its_serial_number()
    {
        Sees(Noon, Meter(1, Nameless));
        Sees(Noon.AddHours(1), Meter(2, First));

        var only = _world.Devices().Single();
        Assert.That(only, Is.EqualTo(DeviceIdentity.IdOf("acme", "hq", Nameless)));
        Assert.That(_world.HistoryOf(only).OfType<DeviceEvent.MeterRead>().Count(), Is.EqualTo(2));
    }

    [Test] // the twin: an address that was not heard for long proves nothing
    public void What_was_at_the_address_long_ago_is_another_device()
    {
        Sees(Noon.AddDays(-3), Meter(1, Nameless));
        Sees(Noon, Meter(2, First));

        Assert.That(_world.Devices(), Has.Count.EqualTo(2));
    }

    [Test]
    public void Two_that_turn_out_to_be_one_are_merged_with_a_link()
    {
        Sees(Noon, Meter(1, First with { Mac = null, Address = null }));
        Sees(Noon, Meter(1, new DeviceRef("m", Mac: First.Mac)));
        Assert.That(_world.Devices(), Has.Count.EqualTo(2), "nothing says yet that they are one");

        Sees(Noon.AddHours(1), Meter(2, First));

        var (by, into) = (DeviceIdentity.IdOf("acme", "hq", new DeviceRef("m", Mac: First.Mac)), DeviceIdentity.IdOf("acme", "hq", First));
        Assert.That(_world.Devices(), Is.EqualTo(new[] { into }));
        Assert.That(_world.DeviceOf(by).Standing.MergedInto, Is.EqualTo(into));
        Assert.That(_world.DeviceOf(into).Standing.Joined, Is.EqualTo(new[] { by }));
        Sees(Noon.AddHours(2), Meter(3, new DeviceRef("m", Mac: First.Mac)));
        Assert.That(_world.HistoryOf(into).OfType<DeviceEvent.MeterRead>().Count(), Is.EqualTo(3));
    }

    [Test]
    public void Two_devices_of_one_serial_number_are_a_named_conflict_and_not_one_device()
    {
        Sees(Noon, Meter(1000, First));
        Sees(Noon.AddMinutes(1), Meter(5, Clone));
        Sees(Noon.AddMinutes(10), Meter(1001, First));
        Sees(Noon.AddMinutes(11), Meter(6, Clone));

        var devices = _world.Devices();
        Assert.That(devices, Has.Count.EqualTo(2));
        Assert.That(devices.Select(id => _world.DeviceOf(id).Standing.Conflicts.Single()),
            Is.EqualTo(new[] { new DeviceConflict("cloned-serial", devices[1]), new DeviceConflict("cloned-serial", devices[0]) }));
        Assert.That(devices.Select(id => _world.HistoryOf(id).OfType<DeviceEvent.MeterRead>().Select(r => r.Counters[0].Value)),
            Is.EqualTo(new[] { new long[] { 1000, 1001 }, new long[] { 5, 6 } }));
        Assert.That(_world.All<DeviceEvent.ConflictFound>(), Has.Count.EqualTo(2), "said once");
    }

    [Test]
    public void A_cloned_serial_is_named_in_any_order()
    {
        (object Data, DateTimeOffset At)[] said = [.. Enumerable.Range(0, 6).Select(n => (Meter(n, n % 2 == 0 ? First : Clone) as object, Noon.AddMinutes(5 * n)))];
        for (var seed = 0; seed < 100; seed++)
        {
            var (world, random) = (GateWorld.OfAcme(), new Random(seed));
            var site = new Site();
            foreach (var one in said.OrderBy(_ => random.Next()))
                world.Receives(site.Sends(one));
            Assert.That(world.Devices(), Has.Count.EqualTo(2), $"order {seed}");
            Assert.That(world.All<DeviceEvent.ConflictFound>(), Has.Count.EqualTo(2), $"order {seed}");
        }
    }

    [Test]
    public void Clones_that_take_turns_an_hour_apart_are_found_when_the_first_is_back()
    {
        Sees(Noon, Meter(1000, First));
        Sees(Noon.AddHours(1), Meter(5, Clone));
        Assert.That(_world.All<DeviceEvent.BoardReplaced>(), Has.Count.EqualTo(1), "as far as can be known");
        Sees(Noon.AddHours(2), Meter(1001, First));
        Sees(Noon.AddHours(3), Meter(6, Clone));

        Assert.That(_world.Devices(), Has.Count.EqualTo(2));
        Assert.That(_world.All<DeviceEvent.ConflictFound>(), Has.Count.EqualTo(2));
    }

    [Test] // the twin
    public void A_board_that_is_replaced_is_no_second_device()
    {
        Sees(Noon, Meter(1000, First));
        Sees(Noon.AddHours(1), Meter(5, First with { Mac = Clone.Mac }));
        Sees(Noon.AddHours(2), Meter(6, First with { Mac = Clone.Mac }));

        var only = _world.Devices().Single();
        Assert.That(_world.HistoryOf(only).OfType<DeviceEvent.BoardReplaced>().Count(), Is.EqualTo(1));
        Assert.That(_world.DeviceOf(only).Standing.Conflicts, Is.Empty);
    }

    [Test]
    public void Without_a_MAC_two_addresses_in_turns_are_a_conflict_and_one_move_is_not()
    {
        var (here, there) = (First with { Mac = null }, Clone with { Mac = null });
        Sees(Noon, Meter(1, here));
        Sees(Noon.AddMinutes(30), Meter(2, there));
        Assert.That(_world.Devices(), Has.Count.EqualTo(1), "it moved");
        Sees(Noon.AddMinutes(60), Meter(3, here));

        Assert.That(_world.Devices(), Has.Count.EqualTo(2));
        Assert.That(_world.All<DeviceEvent.ConflictFound>(), Has.Count.EqualTo(2));
    }

    [Test]
    public void Another_printer_at_a_known_address_is_another_device_and_the_one_before_is_told()
    {
        var other = new DeviceRef("k9", "Brother", "B1", "00:80:77:00:00:01", First.Address);
        Sees(Noon, Meter(1000, First));
        Sees(Noon.AddHours(1), Meter(7, other));

        var devices = _world.Devices();
        Assert.That(devices, Has.Count.EqualTo(2));
        Assert.That(_world.HistoryOf(devices[0]).OfType<DeviceEvent.Displaced>().Single().By, Is.EqualTo(devices[1]));
    }

    [Test]
    public void Two_agents_of_one_site_on_one_range_see_one_device()
    {
        var other = new Site(agent: "acme-hq-2");
        Sees(Noon, Seen(First), Meter(1, First));
        _world.Receives(other.SendsAt(Noon.AddMinutes(1), Seen(First with { Key = "x1" }), Meter(2, First with { Key = "x1" })));
        Sees(Noon.AddMinutes(60), Seen(First), Meter(3, First));

        Assert.That(_world.Devices(), Has.Count.EqualTo(1));
        Assert.That(_world.All<DeviceEvent.ConflictFound>(), Is.Empty);
        Assert.That(_world.All<DeviceEvent.Described>(), Is.Empty);
    }

    [Test]
    public void Agents_of_two_sites_on_one_range_are_a_named_conflict_and_the_device_does_not_move_to_and_fro()
    {
        var plant = new Site(site: "plant", agent: "acme-plant");
        for (var hour = 0; hour < 6; hour++)
        {
            Sees(Noon.AddHours(hour), Seen(First));
            _world.Now = Noon.AddHours(hour + 1);
            _world.Receives(plant.SendsAt(Noon.AddHours(hour).AddMinutes(30), Seen(First with { Key = "x1" })));
        }

        var only = _world.Devices().Single();
        Assert.That(_world.DeviceOf(only).Standing.Conflicts.Single().Kind, Is.EqualTo("two-sites"));
        Assert.That(_world.All<DeviceEvent.Described>(), Has.Count.LessThanOrEqualTo(2), "it moved once, and back at most");
    }

    [Test] // the twin
    public void A_printer_that_is_carried_to_another_site_has_moved()
    {
        var plant = new Site(site: "plant", agent: "acme-plant");
        Sees(Noon, Seen(First));
        _world.Now = Noon.AddHours(4);
        _world.Receives(plant.SendsAt(Noon.AddHours(3), Seen(First with { Key = "x1", Address = "198.51.100.9" })));

        Assert.That(_world.DeviceOf(_world.Devices().Single()).Card!.SiteId, Is.EqualTo("plant"));
        Assert.That(_world.All<DeviceEvent.ConflictFound>(), Is.Empty);
    }

    private void Sees(DateTimeOffset at, params object[] data)
    {
        _world.Now = at.AddMinutes(1);
        _world.Receives(_hq.SendsAt(at, data));
    }
}

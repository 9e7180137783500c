using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Devices;

/// <summary>Merged, split, retired by a person, and undone: what the gate makes of it from then on.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ChangedByPeopleTests
{
    private static readonly DeviceRef First = new("k1", "Kyocera", "VXA1", "00:17:c8:00:00:01", "192.0.2.17");
    private static readonly DeviceRef Second = new("k2", "Kyocera", "VXA2", "00:17:c8:00:00:02", "192.0.2.18");
    private static readonly string One = DeviceIdentity.IdOf("acme", "hq", First), Two = DeviceIdentity.IdOf("acme", "hq", Second);

    private readonly Site _hq = new();
    private readonly GateWorld _world = GateWorld.OfAcme();

    [SetUp]
    public void BothAreKnown() => Sees(Noon, Meter(1, First), Meter(1, Second));

    [Test]
    public void What_a_merged_device_says_goes_to_the_surviving_one_and_after_the_undo_to_itself_again()
    {
        Merge();
        Sees(Noon.AddHours(1), Meter(2, Second));
        Assert.That((Readings(One), Readings(Two)), Is.EqualTo((2, 1)));

        Unmerge();
        Sees(Noon.AddHours(2), Meter(3, Second));
        Assert.That((Readings(One), Readings(Two)), Is.EqualTo((2, 2)));
    }

    [Test]
    public void The_same_change_twice_is_one()
    {
        Merge();
        Assert.That(Merge().Events, Is.Empty);
        Unmerge();
        Assert.That(Unmerge().Events, Is.Empty);
        Retire();
        Assert.That(Retire().Events, Is.Empty);
    }

    [Test]
    public void Merges_make_no_circle()
    {
        Merge();
        Assert.That(_world.Changes((known, _) => MergeDevices.Decide("acme", One, Two, "p-1", "why", Noon, known), One, Two).Refusal!.Type, Is.EqualTo("merged-device"));
        Assert.That(_world.Changes((known, _) => MergeDevices.Decide("acme", One, One, "p-1", "why", Noon, known), One).Refusal!.Type, Is.EqualTo("same-device"));
        Assert.That(_world.Changes((known, _) => MergeDevices.Decide("acme", One, "no-such", "p-1", "why", Noon, known), One, "no-such").Refusal!.Status, Is.EqualTo(404));
    }

    [Test]
    public void What_a_person_has_parted_no_observation_merges_again()
    {
        var (number, mac) = (First with { Serial = "VXA3", Mac = null, Address = null }, new DeviceRef("m", Mac: "00:17:c8:00:00:03"));
        var both = number with { Mac = mac.Mac };
        Sees(Noon, Meter(1, number), Meter(1, mac), Meter(2, both));
        var (a, b) = (DeviceIdentity.IdOf("acme", "hq", mac), DeviceIdentity.IdOf("acme", "hq", number));
        Assert.That(_world.DeviceOf(a).Standing.MergedInto, Is.EqualTo(b));

        _world.Changes((known, _) => MergeDevices.Undo("acme", a, "p-1", "why", Noon, known), a, b);
        Sees(Noon.AddHours(1), Meter(3, both));

        Assert.That(_world.DeviceOf(a).Standing.MergedInto, Is.Null);
    }

    [Test]
    public void A_device_that_is_two_is_split_by_its_MAC_and_joined_again()
    {
        var other = First with { Mac = Second.Mac, Key = "k3", Address = "192.0.2.30" };
        Sees(Noon.AddHours(1), Meter(2, other with { Mac = "00:17:c8:00:00:09" }));
        Assert.That(Readings(One), Is.EqualTo(2), "taken for a new board");

        var split = _world.Changes((known, index) => SplitDevice.Decide("acme", One, new("00:17:c8:00:00:09", null, "two printers"), "p-1", Noon, known, index), One);
        Sees(Noon.AddHours(2), Meter(3, First), Meter(3, other with { Mac = "00:17:c8:00:00:09" }));

        Assert.That((Readings(One), Readings(split.SplitInto!)), Is.EqualTo((3, 1)));
        Assert.That(_world.DeviceOf(split.SplitInto!).Standing.SplitFrom, Is.EqualTo(One));

        _world.Changes((known, _) => MergeDevices.Decide("acme", split.SplitInto!, One, "p-1", "why", Noon, known), split.SplitInto!, One);
        Sees(Noon.AddHours(3), Meter(4, other with { Mac = "00:17:c8:00:00:09" }));
        Assert.That(Readings(One), Is.EqualTo(4));
    }

    [Test]
    public void Nobody_splits_by_a_name_that_is_another_devices()
    {
        var refusal = _world.Changes((known, index) => SplitDevice.Decide("acme", One, new(Second.Mac, null, "why"), "p-1", Noon, known, index), One).Refusal;
        Assert.That(refusal!.Type, Is.EqualTo("not-its-name"));
    }

    [Test]
    public void A_retired_device_that_speaks_is_back()
    {
        Retire();
        Sees(Noon.AddHours(2), Status("unreachable") with { Device = First });
        Assert.That(_world.DeviceOf(One).Standing.RetiredAt, Is.Not.Null, "its agent spoke, not it");

        Sees(Noon.AddHours(3), Meter(2, First));
        Assert.That(_world.DeviceOf(One).Standing.RetiredAt, Is.Null);
        Assert.That(_world.HistoryOf(One).OfType<DeviceEvent.Returned>().Single().By, Is.Null);
    }

    [Test] // the twin
    public void A_late_word_from_before_does_not_bring_it_back()
    {
        Retire();
        Sees(Noon.AddMinutes(1), Meter(2, First));
        Assert.That(_world.DeviceOf(One).Standing.RetiredAt, Is.Not.Null);
    }

    private Change Merge() => _world.Changes((known, _) => MergeDevices.Decide("acme", Two, One, "p-1", "why", Noon, known), Two, One);

    private Change Unmerge() => _world.Changes((known, _) => MergeDevices.Undo("acme", Two, "p-1", "why", Noon, known), Two, One);

    private Change Retire() => _world.Changes((known, _) => RetireDevice.Decide(One, known[One], "p-1", "why", Noon.AddHours(1)), One);

    private int Readings(string id) => _world.HistoryOf(id).OfType<DeviceEvent.MeterRead>().Count();

    private void Sees(DateTimeOffset at, params object[] data)
    {
        _world.Now = at.AddMinutes(1);
        _world.Receives(_hq.SendsAt(at, data));
    }
}

using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Gate;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class PassTests
{
    private readonly Site _hq = new();

    [Test]
    public void A_reading_is_kept_under_the_id_it_was_given_at_the_edge()
    {
        var world = GateWorld.OfAcme();

        world.Receives(_hq.SendsAt(Noon, Seen()));
        var passed = world.Receives(_hq.SendsAt(Noon, Meter(7342)));

        var stored = passed.Appends.Values.SelectMany(e => e).Single(e => e.Data is DeviceEvent.MeterRead);
        Assert.Multiple(() =>
        {
            Assert.That(stored.Id, Is.EqualTo(_hq.IdOf(2)));
            Assert.That(((DeviceEvent.MeterRead)stored.Data).Counters.Select(c => (c.Name, c.Value)), Is.EqualTo(new[] { ("total", 7342L), ("life", 7432L) }));
        });
    }

    [Test]
    public void The_same_batch_twice_is_kept_once()
    {
        var world = GateWorld.OfAcme();
        var batch = _hq.SendsAt(Noon, Meter(1));

        world.Receives(batch);
        var again = world.Receives(batch);

        Assert.That(again.Appends, Is.Empty);
        Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(1));
    }

    [Test]
    public void The_same_batch_twice_in_one_pass_is_kept_once()
    {
        var world = GateWorld.OfAcme();
        var batch = _hq.SendsAt(Noon, Meter(1));

        world.Receives(batch, batch);

        Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(1));
    }

    [Test]
    public void Another_batch_under_a_number_already_used_is_refused_and_named()
    {
        var world = GateWorld.OfAcme();
        world.Receives(_hq.SendsAt(Noon, Meter(1)), _hq.SendsAt(Noon, Meter(2)));

        world.Receives(_hq.Deliver(2, [_hq.Event(Meter(3), Noon)]));

        Assert.That(world.All<AgentEvent.BatchRefused>().Single().Reason, Is.EqualTo(Refusals.SequenceReused));
        Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(2));
    }

    [Test]
    public void An_agent_that_lost_its_state_starts_a_new_chain_and_loses_nothing()
    {
        var world = GateWorld.OfAcme();
        world.Receives(_hq.SendsAt(Noon, Meter(1)), _hq.SendsAt(Noon, Meter(2)));
        _hq.Sequence = 0;

        world.Receives(_hq.SendsAt(Noon, Meter(3)), _hq.SendsAt(Noon, Meter(4)));

        Assert.Multiple(() =>
        {
            Assert.That(world.All<AgentEvent.SequenceRestarted>().Single().After, Is.EqualTo(2));
            Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(4));
            Assert.That(world.All<AgentEvent.BatchRefused>(), Is.Empty);
        });
    }

    [Test]
    public void A_missing_batch_is_a_fact_until_it_arrives()
    {
        var world = GateWorld.OfAcme();
        var (first, second, third) = (_hq.SendsAt(Noon, Meter(1)), _hq.SendsAt(Noon, Meter(2)), _hq.SendsAt(Noon, Meter(3)));

        world.Receives(first, third);
        Assert.That(world.AgentOf("acme", "hq/acme-hq").Missing.Select(gap => (gap.From, gap.To)), Is.EqualTo(new[] { (2L, 2L) }));

        world.Receives(second);
        Assert.Multiple(() =>
        {
            Assert.That(world.AgentOf("acme", "hq/acme-hq").Missing, Is.Empty);
            Assert.That(world.All<AgentEvent.GapFilled>().Single().Sequence, Is.EqualTo(2));
            Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(3));
        });
    }

    [Test]
    public void A_refused_batch_leaves_no_gap_behind_it()
    {
        var world = GateWorld.OfAcme();

        world.Receives(_hq.SendsAt(Noon, Meter(1)), _hq.Deliver(2, "[{}]"), _hq.Deliver(3, [_hq.Event(Meter(3), Noon)]));

        Assert.That(world.All<AgentEvent.GapOpened>(), Is.Empty);
        Assert.That(world.All<AgentEvent.BatchRefused>().Single(), Has.Property("Reason").EqualTo(Refusals.Schema).And.Property("Sequence").EqualTo(2));
    }

    [Test]
    public void A_late_reading_is_a_reading_all_the_same_and_says_that_it_is_late()
    {
        var world = GateWorld.OfAcme();

        world.Receives(_hq.SendsAt(Noon, Meter(20)), _hq.SendsAt(Noon.AddHours(-2), Meter(10)));

        Assert.That(world.All<DeviceEvent.MeterRead>().Select(r => r.Late), Is.EqualTo(new[] { false, true }));
    }

    [Test]
    public void A_device_that_is_first_heard_of_by_a_reading_is_registered_under_what_names_it()
    {
        var world = GateWorld.OfAcme();

        world.Receives(_hq.SendsAt(Noon, Meter(1)));

        Assert.That(world.All<DeviceEvent.Registered>().Single().Card, Is.EqualTo(new DeviceCard("hq", "Kyocera", Serial: "VXA1234567")));
    }

    [Test]
    public void What_no_consent_covers_is_counted_by_reason_and_its_neighbours_are_kept()
    {
        var world = new GateWorld().Consents("acme", ["billing"], ["identity", "counters"]);

        var passed = world.Receives(_hq.SendsAt(Noon, Meter(1), Toner(3600), Status(), Seen(location: "Room 7")));

        Assert.Multiple(() =>
        {
            Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(1));
            Assert.That(world.All<AgentEvent.BatchAccepted>().Single().Refused, Is.EquivalentTo(new Dictionary<string, int> { ["no-purpose"] = 2, ["no-consent-location"] = 1 }));
            Assert.That(passed.Accepted, Is.EqualTo(1));
        });
    }

    [Test]
    public void Of_what_was_refused_no_content_is_kept()
    {
        var world = new GateWorld();

        world.Receives(_hq.SendsAt(Noon, Seen(location: "Room 7"), Meter(7342)), _hq.Deliver(2, """[{"secret":"Room 7"}]"""));

        var stored = string.Join('\n', world.Everything.Select(e => System.Text.Json.JsonSerializer.Serialize(e, e.GetType())));
        Assert.That(stored, Does.Contain("no-purpose").And.Contain("schema").And.Not.Contain("Room").And.Not.Contain("7342").And.Not.Contain("VXA"));
    }

    [Test]
    public void Two_tenants_with_the_same_printer_have_two_devices()
    {
        var world = GateWorld.OfAcme().Consents("globex", ["fleet-management"], GateWorld.AllGroups);

        var passed = world.Receives(_hq.SendsAt(Noon, Seen()), new Site("globex", "plant", "globex-plant").SendsAt(Noon, Seen()));

        var devices = passed.Appends.Keys.Where(k => k.StreamKey.StartsWith("device/", StringComparison.Ordinal)).ToList();
        Assert.That(devices.Select(d => d.TenantId), Is.EquivalentTo(new[] { "acme", "globex" }));
        Assert.That(devices.Select(d => d.StreamKey).Distinct().Count(), Is.EqualTo(2));
    }

    [Test]
    public void An_event_from_the_future_is_refused_because_no_consent_can_be_known_for_it()
    {
        var world = GateWorld.OfAcme();

        world.Receives(_hq.Sends((Meter(1), world.Now.AddMinutes(9)), (Meter(2), world.Now.AddMinutes(11))));

        Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(1));
        Assert.That(world.Last.Refused, Is.EquivalentTo(new Dictionary<string, int> { [Refusals.ClockAhead] = 1 }));
    }

    [Test]
    public void A_value_that_cannot_be_is_refused_alone()
    {
        var world = GateWorld.OfAcme();

        world.Receives(_hq.SendsAt(Noon, Meter(-1000), Meter(5)));

        Assert.That(world.All<DeviceEvent.MeterRead>(), Has.Count.EqualTo(1));
        Assert.That(world.Last.Refused, Is.EquivalentTo(new Dictionary<string, int> { [Refusals.InvalidValue] = 1 }));
    }

    [Test]
    public void Agent_health_needs_no_consent()
    {
        var world = new GateWorld();

        world.Receives(_hq.SendsAt(Noon, Health()));

        Assert.That(world.All<AgentEvent.HealthReported>().Single().Devices, Is.EqualTo(24));
    }

    [Test]
    public void An_unreachable_device_was_not_seen()
    {
        var world = GateWorld.OfAcme();
        world.Receives(_hq.SendsAt(Noon, Seen()));

        var passed = world.Receives(_hq.SendsAt(Noon.AddMinutes(5), Status("unreachable")));

        Assert.That(passed.Presences.Values.Single(), Has.Property("SeenAt").EqualTo(Noon).And.Property("StatusAt").EqualTo(Noon.AddMinutes(5)));
    }

    [Test]
    public void The_agents_trace_goes_on_in_what_is_stored()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var world = GateWorld.OfAcme();

        var passed = world.Receives(_hq.SendsAt(Noon, Meter(1)) with { TraceParent = trace });

        Assert.That(passed.Appends.Values.SelectMany(e => e).Select(e => e.Headers?["traceparent"]), Is.All.EqualTo(trace));
    }
}

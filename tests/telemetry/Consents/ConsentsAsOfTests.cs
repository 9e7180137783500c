using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Tests.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Consents;

/// <summary>An agent's clock may be fast; a consent is judged at the moment something had come, at the latest.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class ConsentsAsOfTests
{
    private readonly Site _hq = new();

    [Test]
    public void What_a_fast_clock_dates_behind_a_later_grant_is_not_covered_by_it()
    {
        var world = World(from: Noon.AddMinutes(3), until: null);
        world.AsOf = Noon;

        Assert.That(world.Receives(_hq.SendsAt(Noon.AddMinutes(5), Meter(1))).Accepted, Is.Zero);

        world.AsOf = Noon.AddMinutes(4);
        Assert.That(world.Receives(_hq.SendsAt(Noon.AddMinutes(5), Meter(2))).Accepted, Is.EqualTo(1), "the twin: it came while the consent stood");
    }

    [Test]
    public void What_a_fast_clock_dates_is_stored_with_the_moment_it_was_judged_at_and_nothing_else_is()
    {
        var world = GateWorld.OfAcme();
        world.AsOf = Noon;

        var passed = world.Receives(_hq.SendsAt(Noon.AddMinutes(5), Meter(1)), _hq.SendsAt(Noon.AddSeconds(-1), Meter(2)));

        var readings = passed.Appends.Values.SelectMany(e => e).Where(e => e.Data is DeviceEvent.MeterRead).Select(e => e.Headers?.GetValueOrDefault(ConsentsAsOf.JudgedHeader));
        Assert.That(readings, Is.EqualTo(new[] { Noon.ToString("O"), null }));
    }

    private static GateWorld World(DateTimeOffset from, DateTimeOffset? until) => new GateWorld().Consents("acme", ["billing"], GateWorld.AllGroups, from, until);
}

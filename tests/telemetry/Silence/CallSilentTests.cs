using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Silence;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Silence;

public class CallSilentTests
{
    private static readonly Deadlines Usual = Deadlines.Usual;
    private static readonly Agent Heard = Agent.Unheard with { HeardAt = Noon };
    private static readonly Device Known = Device.Unknown with { Card = new("hq") };

    [Test]
    public void An_agent_is_called_silent_at_its_deadline_and_once()
    {
        Assert.That(CallSilent.Decide(Heard, false, Usual, Noon.AddMinutes(15).AddSeconds(-1)), Is.Empty);
        var called = CallSilent.Decide(Heard, false, Usual, Noon.AddMinutes(15));
        Assert.That(called, Is.EqualTo(new AgentEvent[] { new AgentEvent.FellSilent("site-dark", Noon, Noon.AddMinutes(15)) }));
        Assert.That(CallSilent.Decide(called.Aggregate(Heard, Agent.Evolve), false, Usual, Noon.AddDays(9)), Is.Empty);
    }

    [Test]
    public void What_is_known_of_the_site_is_said_with_it()
    {
        Assert.That(((AgentEvent.FellSilent)CallSilent.Decide(Heard, true, Usual, Noon.AddDays(1))[0]).Cause, Is.EqualTo("agent-down"));
        Assert.That(Cause(Known, siteSpeaks: false), Is.EqualTo("site-dark"));
        Assert.That(Cause(Known, siteSpeaks: true), Is.EqualTo("not-heard"));
        Assert.That(Cause(Known with { Status = new("unreachable", "unknown", []) }, siteSpeaks: true), Is.EqualTo("unreachable"));
    }

    [Test]
    public void Who_never_spoke_or_may_not_or_is_out_of_use_is_not_silent()
    {
        Assert.That(CallSilent.Decide(Agent.Unheard, false, Usual, Noon), Is.Empty);
        Assert.That(CallSilent.Decide(Heard with { Keys = [new("k", "x", "y", Noon)] }, false, Usual, Noon.AddDays(1)), Is.Empty);
        foreach (var standing in new[] { Standing.New with { RetiredAt = Noon }, Standing.New with { MergedInto = "other" } })
            Assert.That(Called(Known with { Standing = standing }, true), Is.Empty);
    }

    [Test]
    public void A_device_is_called_silent_once_and_heard_again_once()
    {
        var silent = Called(Known, true).Aggregate(Known, Device.Evolve);
        Assert.That(Called(silent, true), Is.Empty);

        var heard = HearDevice.Decide(Meter(1), Noon.AddDays(3), silent);
        Assert.That(heard, Has.Count.EqualTo(1).And.All.InstanceOf<DeviceEvent.SpokeAgain>());
        Assert.That(HearDevice.Decide(Meter(1), Noon.AddDays(3), heard.Aggregate(silent, Device.Evolve)), Is.Empty);
    }

    [Test]
    public void What_its_agent_says_of_it_and_what_waited_in_a_spool_end_no_silence()
    {
        var silent = Called(Known, true).Aggregate(Known, Device.Evolve);
        Assert.That(HearDevice.Decide(Status("unreachable"), Noon.AddDays(3), silent), Is.Empty);
        Assert.That(HearDevice.Decide(Meter(1), Noon.AddHours(1), silent), Is.Empty);
    }

    [Test]
    public void After_an_outage_of_Fleet_the_deadlines_begin_when_it_listens_again()
    {
        var began = Noon.AddDays(-1);
        Assert.That(Usual.ListeningSince(Noon.AddMinutes(-1), began, Noon), Is.EqualTo(began));
        Assert.That(Usual.ListeningSince(Noon.AddMinutes(-10), began, Noon), Is.EqualTo(Noon));
        Assert.That(Usual.ListeningSince(null, began, Noon), Is.EqualTo(Noon), "the first start");
    }

    private static string Cause(Device device, bool siteSpeaks) => ((DeviceEvent.FellSilent)Called(device, siteSpeaks)[0]).Cause;

    private static IReadOnlyList<DeviceEvent> Called(Device device, bool siteSpeaks) => CallSilent.Decide(device, Noon, siteSpeaks, Usual, Noon.AddHours(26));
}

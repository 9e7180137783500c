using Fleet.Agent.Granting;
using Fleet.Agent.Polling;
using Fleet.Printers;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What leaves the agent for a device, as the device itself sees it.</summary>
public class AgentGateTests
{
    private static readonly PrintersDevice Kyocera = new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA Document Solutions Printing System")
        .Has("1.3.6.1.2.1.43.5.1.1.17.1", "RVP0001").Row(1, 5).Supply("1.1", 500, 1000)
        .Has("1.3.6.1.2.1.1.5.0", "printer-1").Has("1.3.6.1.2.1.43.10.2.1.4.1.1", 7432).Has("1.3.6.1.2.1.2.2.1.3.1", 6);

    private readonly List<Oid> asked = [];

    private Grant? grant;

    [SetUp]
    public void Forget() => asked.Clear();

    [Test]
    public async Task Without_a_grant_not_a_packet_reaches_the_device()
    {
        grant = null;
        Assert.That(await VisitAsync(), Is.EqualTo(Found.NotAsked));
        Assert.That(asked, Is.Empty);

        grant = OpenGrant;
        Assert.That((await VisitAsync()).Observed!.Device.Serial, Is.EqualTo("RVP0001"));
        Assert.That(asked, Is.Not.Empty, "the twin");
    }

    [Test]
    public async Task A_group_that_is_not_granted_is_in_no_packet_and_in_no_event()
    {
        grant = OpenGrant with { Allowed = FieldGroups.All & ~FieldGroups.Location & ~FieldGroups.NetworkAddress };
        var observed = (await VisitAsync()).Observed!;
        Assert.That(asked.Where(oid => oid.StartsWith(PrinterMib.SysName) || oid.StartsWith(PrinterMib.IfPhysAddress) || oid.StartsWith(PrinterMib.IfType)), Is.Empty);
        Assert.That((observed.Seen!.Name, observed.Device.Address, observed.Device.Mac), Is.EqualTo(((string?)null, (string?)null, (string?)null)));

        grant = OpenGrant;
        observed = (await VisitAsync()).Observed!;
        Assert.That(asked, Has.Some.EqualTo(PrinterMib.SysName), "the twin");
        Assert.That((observed.Seen!.Name, observed.Device.Address), Is.EqualTo(("printer-1", "127.0.0.1")));
    }

    [Test]
    public async Task Every_event_names_the_grant_its_device_was_asked_under()
    {
        grant = OpenGrant with { Id = "7-abc" };
        Assert.That((await VisitAsync()).GrantId, Is.EqualTo("7-abc"));
    }

    [Test]
    public async Task A_grant_that_ends_in_the_middle_of_a_visit_ends_the_visit()
    {
        var soon = SystemClock.GetUtcNow().AddMilliseconds(300);
        grant = OpenGrant with { Until = soon };
        using var slow = new SnmpScriptedDevice(_ => []);      // never answers
        using var client = new SnmpClient(new(), SystemClock, new Random(1));
        var found = await VisitAsync(client, slow);
        Assert.That(found, Is.EqualTo(Found.NotAsked), "its silence says nothing of the device");
    }

    [Test]
    public async Task Devices_that_may_not_be_asked_are_not_said_to_be_silent()
    {
        var (lines, clock) = (new StringWriter(), new SnmpManualClock());
        var every = new Fleet.Agent.Configuration.Cadence(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));
        var (asks, answer) = (0, Found.NotAsked);
        var poll = new PollDevices([Target.Of(new("127.0.0.1"), [1])], every, (_, _, _) => { Interlocked.Increment(ref asks); return Task.FromResult(answer); }, clock, Around(lines).Log);
        using var stop = new CancellationTokenSource();
        var running = poll.RunAsync(stop.Token);
        await Eventually(() => After(clock, () => asks > 10), "ten looks");
        Assert.That(poll.Visits.Count, Is.Zero);
        answer = new(Answered: false, null, "1-x");
        await Eventually(() => After(clock, () => poll.Visits.Count == 1), "the silence of one that was asked, the twin");
        await stop.CancelAsync();
        await EndsAsync(running, "what was told to stop");
    }

    private static bool After(SnmpManualClock clock, Func<bool> holds)
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        return holds();
    }

    private async Task<Found> VisitAsync()
    {
        using var device = new SnmpScriptedDevice(request =>
        {
            asked.AddRange(request.Pdu.VarBinds.Select(one => one.Name));
            return [SnmpScriptedDevice.Answer(Kyocera, request)];
        });
        using var client = new SnmpClient(new(), SystemClock, new Random(1));
        return await VisitAsync(client, device);
    }

    private Task<Found> VisitAsync(SnmpClient client, SnmpScriptedDevice device) =>
        new VisitPrinter(new Probe(client, Profiles.BuiltIn), [1], () => grant, SystemClock, Around().Log)
            .AskAsync(device.Target().Named("t1"), Look.Everything, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
}

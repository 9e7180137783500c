using System.Diagnostics;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Backfill;
using Fleet.Printers;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Snmp;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Virtual printers read over real UDP.</summary>
public class AgentFleetTests : AgentHome
{
    private static readonly TenantSplit Split = TenantSplit.Parse("acme:2,globex:1");

    [Test]
    public async Task Five_hundred_printers_are_read_correctly()
    {
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 500, Split, 18001), 0, new SteppedClock(Noon));
        using var client = new SnmpClient(new(), SystemClock, new Random(1));
        var visitor = new VisitPrinter(new Probe(client, Profiles.BuiltIn), [1], () => OpenGrant, SystemClock, Around().Log);
        var took = Stopwatch.StartNew();
        var found = await Task.WhenAll(printers.Placed.Select(placed =>
            visitor.AskAsync(Target.Of(new(placed.Address.ToString(), printers.Port), [1]), Look.Everything, CancellationToken.None)));
        TestContext.Out.WriteLine($"500 printers in {took.Elapsed.TotalSeconds:0.0} s");

        foreach (var (placed, observed) in printers.Placed.Zip(found.Select(one => one.Observed)))
        {
            var (state, name) = (placed.Printer.At(Noon), $"{placed.Printer.Personality.Model} {placed.Printer.Serial}");
            Assert.That(observed, Is.Not.Null, name);
            Assert.That((observed!.Device.Serial, observed.Device.Manufacturer), Is.EqualTo((placed.Printer.Serial, placed.Printer.Personality.Manufacturer)));
            Assert.That(observed.Seen!.Model, Does.EndWith(placed.Printer.Personality.Model.Replace(" series", "", StringComparison.Ordinal)));
            Assert.That((Count(observed, "life"), Count(observed, "total"), Count(observed, "mono")), Is.EqualTo((state.Pages.Total, state.Pages.Total, state.Pages.Mono)), name);
            if (state.Pages.Color > 0) Assert.That(Count(observed, "color"), Is.EqualTo(state.Pages.Color), name);
            Assert.That(observed.Status!.DeviceStatus, Is.EqualTo(state.DeviceStatus switch { 5 => "down", 3 => "warning", _ => "running" }), name);
            Assert.That(observed.Alerts!, Has.Count.EqualTo(state.Troubles.Count + state.Supplies.Count(supply => supply.IsToner && (supply.IsLow || supply.IsEmpty))), name);
        }
    }

    [Test]
    public async Task Printers_that_lose_every_fourth_packet_are_read_all_the_same()
    {
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 20, Split, 18002), 0, new SteppedClock(Noon), new Disturbance(LossPercent: 25));
        using var client = new SnmpClient(new(), SystemClock, new Random(1));
        var patience = new SnmpPatience(TimeSpan.FromMilliseconds(150), 6);
        var probe = new Probe(client, Profiles.BuiltIn);
        foreach (var placed in printers.Placed)
        {
            var reading = await probe.ReadAsync(new(new(placed.Address, printers.Port), SnmpCredential.V2C("public"), patience), FieldGroups.All);
            Assert.That(reading.Counters.Single(counter => counter.Name == "life").Value, Is.EqualTo(placed.Printer.At(Noon).Pages.Total));
        }
    }

    [Test]
    public void A_printer_that_falls_silent_is_said_to_be_unreachable_once()
    {
        using var spool = Open(Home);
        var intake = new Intake(Config(Home), spool, SystemClock, bytes => Array.Clear(bytes), Around().Log);
        intake.Take(Seen, metersDue: true, Noon);
        intake.Flush();
        intake.TakeSilence("t1", Noon.AddMinutes(3));
        intake.TakeSilence("t1", Noon.AddMinutes(6));
        intake.TakeSilence("never answered", Noon);
        Assert.That(intake.Waiting, Is.EqualTo(1));
    }

    [Test]
    public async Task A_device_that_breaks_its_visit_harms_no_other()
    {
        var lines = new StringWriter();
        Target[] targets = [Target.Of(new("127.0.0.5"), []), Target.Of(new("127.0.0.6"), [])];
        var every = new Cadence(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        using var stop = new CancellationTokenSource();
        var poll = new PollDevices(targets, every, (target, _, _) => target == targets[0] ? throw new InvalidDataException("surprise") : Task.FromResult(new Found(true, Seen, "1-x")), SystemClock, Around(lines).Log);
        var running = poll.RunAsync(stop.Token);
        var visits = new List<Visit>();
        await foreach (var visit in poll.Visits.ReadAllAsync())
        {
            visits.Add(visit);
            if (visits.Count(one => one.Observed is not null) >= 5 && visits.Exists(one => one.Observed is null)) await stop.CancelAsync();
        }
        await EndsAsync(running, "what was told to stop");
        Assert.That(visits.Count(one => one.Observed is null), Is.EqualTo(1), "silence is said once");
        Assert.That(lines.ToString(), Does.Contain("127.0.0.5 could not be read: InvalidDataException: surprise"));
    }

    private static long Count(Observed observed, string counter) => observed.Meters!.Counters.Single(one => one.Name == counter).Value;
}

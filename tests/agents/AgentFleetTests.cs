using System.Diagnostics;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Agent.Polling;
using Fleet.Backfill;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;
using Fleet.Simulator.Commands;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Snmp;
using Microsoft.Data.Sqlite;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>The agent and virtual printers, over real UDP.</summary>
public class AgentFleetTests
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
    public async Task A_printer_that_falls_silent_is_said_to_be_unreachable_once()
    {
        var directory = FreshDirectory();
        using (var spool = Open(directory))
        {
            var intake = new Intake(Config(directory), spool, SystemClock, bytes => Array.Clear(bytes), Around().Log);
            intake.Take(Seen, metersDue: true, Noon);
            intake.Flush();
            intake.TakeSilence("t1", Noon.AddMinutes(3));
            intake.TakeSilence("t1", Noon.AddMinutes(6));
            intake.TakeSilence("never answered", Noon);
            Assert.That(intake.Waiting, Is.EqualTo(1));
        }
        Directory.Delete(directory, recursive: true);
        await Task.CompletedTask;
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
        await running;
        Assert.That(visits.Count(one => one.Observed is null), Is.EqualTo(1), "silence is said once");
        Assert.That(lines.ToString(), Does.Contain("127.0.0.5 could not be read: InvalidDataException: surprise"));
    }

    [Test]
    public async Task Stopped_before_it_began_an_agent_ends_all_the_same()
    {
        var directory = FreshDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "secret"), "s");
        using (var spool = Open(directory))
            await AgentRun.RunAsync(Config(directory) with { Targets = [new("127.0.0.1")] }, spool, Around(), new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(20));
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task A_part_that_breaks_by_our_own_fault_ends_the_agent_instead_of_leaving_half_of_it()
    {
        using var issuer = new AgentTokenIssuer(new(new Dictionary<string, string>(), 0, "", SigningKey.Open(Path.Combine(FreshDirectory(), "key.pem")).PrivateFile, "k", "", 0));
        var directory = FreshDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory, "secret"), issuer.Secret);
        // An address no configuration can hold: whoever asks for a grant throws what nobody expects.
        var config = Config(directory, tokenUrl: issuer.Url) with { Targets = [new("127.0.0.1")], Api = "nonsense" };
        using (var spool = Open(directory))
            Assert.That(() => AgentRun.RunAsync(config, spool, Around(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(40)), Throws.TypeOf<UriFormatException>());
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task Killed_minus_nine_an_agent_goes_on_where_it_was()
    {
        var directory = FreshDirectory();
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 12, TenantSplit.Parse("acme:1"), 18003), 0, SystemClock);
        await File.WriteAllTextAsync(Path.Combine(directory, "secret"), "s");
        var config = Config(directory) with { Targets = [.. printers.Manifest.Select(entry => new TargetConfig(entry.Address, entry.Port))] };
        using var signer = new GrantSigner();
        await File.WriteAllTextAsync(
            Path.Combine(directory, "grant.json"), JsonSerializer.Serialize(signer.Sign(GrantSigner.Of(SystemClock.GetUtcNow(), TimeSpan.FromHours(24), [.. ConsentWords.FieldGroups]))));
        var file = Path.Combine(directory, "config.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(config, JsonSerializerOptions.Web));

        await RunAndKillAsync(file, directory, "SELECT COUNT(*) >= 12 FROM device", "twelve devices");
        long sequence;
        byte[] first;
        using (var spool = Open(directory))
        {
            _ = spool.Waiting(EdgeBatch.AlertLane, 0, 1000);
            (first, sequence) = (spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0].Body, spool.Chain.Sequence);
            Assert.That(spool.Tally.Kept, Is.EqualTo(spool.Tally.Accepted).And.Positive);
        }
        await RunAndKillAsync(file, directory, "SELECT COUNT(*) > 0 FROM entry", "its health at least");
        using (var spool = Open(directory))
        {
            Assert.That(spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0].Body, Is.EqualTo(first), "what waited has not changed");
            var seen = spool.Waiting(EdgeBatch.ReadingLane, 0, 1000).SelectMany(batch => JsonSerializer.Deserialize<List<EdgeEvent>>(batch.Body, EdgeBatch.Json)!).Count(e => e.Type == EdgeEventTypes.DeviceSeen);
            Assert.That(spool.Chain.Sequence, Is.GreaterThan(sequence), "its health at least");
            Assert.That(seen, Is.EqualTo(12), "a device is not seen anew after a restart");
        }
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task History_goes_the_real_way_and_its_pages_are_the_printers_own()
    {
        await using var rabbit = await TestRabbitMq.OpenAsync(SystemClock);
        await using var edge = await AgentBroker.OpenAsync(rabbit.Broker);
        IReadOnlyList<ManifestEntry> manifest = [.. PlacedPrinter.Place(4, 9, Split, 18004).Select(placed => ManifestEntry.Of(placed, 18004))];
        var past = new Past(4, new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero), new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(1));
        using var spool = Open(edge.Directory);
        var made = await LivePast.RunAsync(edge.Config, spool, manifest, past, Around(TestContext.Out), CancellationToken.None);
        Assert.That((spool.Tally.Sent, spool.Tally.Kept), Is.EqualTo((made, 0L)));

        var arrived = await edge.ArrivedAsync();
        Assert.That(arrived.Select(message => message.Sequence).Order(), Is.EqualTo(Enumerable.Range(1, (int)spool.Chain.Sequence)));
        var meters = arrived.SelectMany(message => JsonSerializer.Deserialize<List<EdgeEvent>>(message.Body, EdgeBatch.Json)!)
            .Where(e => e.Type == EdgeEventTypes.MeterRead).Select(e => (e.Time, Read: e.Data.Deserialize<MeterRead>(EdgeBatch.Json)!)).ToList();
        Assert.That(meters, Has.Count.EqualTo(6 * 31));
        foreach (var printer in CountPages.Of(4, 9, past.From, past.To, Split).Where(printer => printer.Tenant == "acme"))
        {
            var own = meters.Where(meter => meter.Read.Device.Serial == printer.Serial).OrderBy(meter => meter.Time).ToList();
            foreach (var counter in new[] { "total", "mono" })
                Assert.That(Count(own[^1].Read, counter) - Count(own[0].Read, counter), Is.EqualTo(printer.Counters[counter].Pages), $"{printer.Model} {counter}");
        }
    }

    [Test]
    public void A_manifest_of_another_seed_is_refused()
    {
        var directory = FreshDirectory();
        using (var spool = Open(directory))
        {
            IReadOnlyList<ManifestEntry> manifest = [.. PlacedPrinter.Place(4, 3, Split, 18005).Select(placed => ManifestEntry.Of(placed, 18005))];
            var past = new Past(5, Noon, Noon, TimeSpan.FromDays(1));
            Assert.That(async () => await LivePast.RunAsync(Config(directory), spool, manifest, past, Around(), CancellationToken.None), Throws.TypeOf<ConfigException>().With.Message.Contains("--seed"));
        }
        Directory.Delete(directory, recursive: true);
    }

    private static async Task RunAndKillAsync(string config, string directory, string until, string what)
    {
        using var agent = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet-agent.dll"), "run", "--config", config]) { RedirectStandardOutput = true })!;
        try
        {
            await Eventually(() => Holds(directory, until), $"the agent to keep {what}", 60);
        }
        finally
        {
            agent.Kill();      // SIGKILL
            await agent.WaitForExitAsync();
        }
    }

    // From outside, beside the agent that holds the directory.
    private static bool Holds(string directory, string question)
    {
        if (!File.Exists(Path.Combine(directory, "agent.db"))) return false;
        try
        {
            using var database = new SqliteConnection($"Data Source={Path.Combine(directory, "agent.db")};Mode=ReadOnly;Pooling=False");
            database.Open();
            using var command = database.CreateCommand();
#pragma warning disable CA2100 // the test's own question
            command.CommandText = question;
#pragma warning restore CA2100
            return command.ExecuteScalar() is 1L;
        }
        catch (SqliteException)
        {
            return false;       // the agent is just making its tables
        }
    }

    private static long Count(Observed observed, string counter) => Count(observed.Meters!, counter);

    private static long Count(MeterRead read, string counter) => read.Counters.Single(one => one.Name == counter).Value;
}

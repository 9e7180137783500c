using System.Diagnostics;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Cli.Local;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.Printers;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Microsoft.Data.Sqlite;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>A whole agent: stopped, broken, killed.</summary>
public class AgentRunTests : AgentHome
{
    [Test]
    public async Task Stopped_before_it_began_an_agent_ends_all_the_same()
    {
        await File.WriteAllTextAsync(Path.Combine(Home, "secret"), "s");
        using var spool = Open(Home);
        await AgentRun.RunAsync(Config(Home) with { Targets = [new("127.0.0.1")] }, spool, Around(), new CancellationToken(canceled: true)).WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task A_part_that_breaks_by_our_own_fault_ends_the_agent_instead_of_leaving_half_of_it()
    {
        using var issuer = new AgentTokenIssuer(new(new Dictionary<string, string>(), 0, "", SigningKey.Open(Path.Combine(Home, "key.pem")).PrivateFile, "k", "", 0));
        await File.WriteAllTextAsync(Path.Combine(Home, "secret"), issuer.Secret);
        // An address no configuration can hold: whoever asks for a grant throws what nobody expects.
        var config = Config(Home, tokenUrl: issuer.Url) with { Targets = [new("127.0.0.1")], Api = "nonsense" };
        using var spool = Open(Home);
        Assert.That(() => AgentRun.RunAsync(config, spool, Around(), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(40)), Throws.TypeOf<UriFormatException>());
    }

    [Test]
    public async Task When_nothing_can_be_stored_any_more_the_agent_ends_instead_of_going_on_by_halves()
    {
        await File.WriteAllTextAsync(Path.Combine(Home, "secret"), "s");
        using var spool = Open(Home);
        using (var other = new SqliteConnection($"Data Source={Path.Combine(Home, "agent.db")};Pooling=False"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TRIGGER full BEFORE INSERT ON entry BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
            command.ExecuteNonQuery();
        }
        var lines = new StringWriter();
        Assert.That(() => AgentRun.RunAsync(Config(Home) with { Targets = [new("127.0.0.1")], Page = new(0) }, spool, Around(lines), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30)),
            Throws.TypeOf<SqliteException>().With.Message.Contains("disk is full"));
        Assert.That(lines.ToString(), Does.Contain("stopped: 0 events accepted"), "all of it has ended");
    }

    [Test]
    public async Task Killed_minus_nine_an_agent_goes_on_where_it_was()
    {
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 12, TenantSplit.Parse("acme:1"), 18003), 0, SystemClock);
        await File.WriteAllTextAsync(Path.Combine(Home, "secret"), "s");
        var config = Config(Home) with { Targets = [.. printers.Manifest.Select(entry => new TargetConfig(entry.Address, entry.Port))] };
        using var signer = new GrantSigner();
        await File.WriteAllTextAsync(
            Path.Combine(Home, "grant.json"), JsonSerializer.Serialize(signer.Sign(GrantSigner.Of(SystemClock.GetUtcNow(), TimeSpan.FromHours(24), [.. ConsentWords.FieldGroups]))));
        var file = Path.Combine(Home, "config.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(config, JsonSerializerOptions.Web));

        await RunAndKillAsync(file, "SELECT COUNT(*) >= 12 FROM device", "twelve devices");
        long sequence;
        byte[] first;
        using (var spool = Open(Home))
        {
            _ = spool.Waiting(EdgeBatch.AlertLane, 0, 1000);
            (first, sequence) = (spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0].Body, spool.Chain.Sequence);
            Assert.That(spool.Tally.Kept, Is.EqualTo(spool.Tally.Accepted).And.Positive);
        }
        await RunAndKillAsync(file, "SELECT COUNT(*) > 0 FROM entry", "its health at least");
        using (var spool = Open(Home))
        {
            Assert.That(spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0].Body, Is.EqualTo(first), "what waited has not changed");
            var seen = spool.Waiting(EdgeBatch.ReadingLane, 0, 1000).SelectMany(batch => JsonSerializer.Deserialize<List<EdgeEvent>>(batch.Body, EdgeBatch.Json)!).Count(e => e.Type == EdgeEventTypes.DeviceSeen);
            Assert.That(spool.Chain.Sequence, Is.GreaterThan(sequence), "its health at least");
            Assert.That(seen, Is.EqualTo(12), "a device is not seen anew after a restart");
        }
    }

    private async Task RunAndKillAsync(string config, string until, string what)
    {
        using var agent = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "fleet-agent.dll"), "run", "--config", config]) { RedirectStandardOutput = true })!;
        try
        {
            await Eventually(() => Holds(until), $"the agent to keep {what}", 60);
        }
        finally
        {
            agent.Kill();      // SIGKILL
            await agent.WaitForExitAsync();
        }
    }

    // From outside, beside the agent that holds the directory.
    private bool Holds(string question)
    {
        if (!File.Exists(Path.Combine(Home, "agent.db"))) return false;
        try
        {
            using var database = new SqliteConnection($"Data Source={Path.Combine(Home, "agent.db")};Mode=ReadOnly;Pooling=False");
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
}

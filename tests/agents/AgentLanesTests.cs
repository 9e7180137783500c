using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Cli.Testing;
using Fleet.Contracts.Edge.V1;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What is wrong with one lane, at a real broker.</summary>
public class AgentLanesTests
{
    private TestRabbitMq rabbit = null!;

    [OneTimeSetUp]
    public async Task Start() => rabbit = await TestRabbitMq.OpenAsync(SystemClock);

    [OneTimeTearDown]
    public async Task Stop() => await rabbit.DisposeAsync();

    [Test]
    public async Task A_lane_nobody_has_a_queue_for_rests_while_the_other_goes_on_over_the_same_connection()
    {
        await using var edge = await AgentBroker.OpenAsync(rabbit.Broker);
        edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.*";
        await edge.BindAsync("acme.lonely.reading");
        using var spool = Open(edge.Directory, site: "lonely");
        spool.Accept(Entry("alert", EdgeBatch.AlertLane, EdgeEventTypes.AlertRaised));
        await using var agent = new Running(edge, spool);

        await Eventually(() => agent.Publisher.Trouble?.Kind == FailureKind.Unroutable, "the alert to come back");
        for (var n = 1; n <= 20; n++)
        {
            spool.Accept(Entry($"reading {n}"));
            agent.Publisher.Wake();
            await Eventually(() => spool.Tally.Sent == n, $"reading {n} to be sent all the same");
        }
        Assert.That(agent.Publisher.Trouble?.Kind, Is.EqualTo(FailureKind.Unroutable), "and the alert is not forgotten over it");
        await edge.BindAsync("acme.lonely.alert");
        await Eventually(() => spool.Tally.Kept == 0, "the alert, now that somebody has a queue for it", 60);
        Assert.That((agent.Publisher.Trouble, agent.Count("connected to")), Is.EqualTo(((Failure?)null, 1)), agent.Log);
        Assert.That(agent.Count("has no queue"), Is.InRange(1, 12).And.EqualTo(agent.Count("again in")), agent.Log);
    }

    [Test]
    public async Task A_session_that_ends_again_and_again_is_never_opened_without_a_pause_though_it_moves_something_each_time()
    {
        await using var edge = await AgentBroker.OpenAsync(rabbit.Broker);
        edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.hq.reading";      // an alert is 403, which closes the channel
        using var spool = Open(edge.Directory, 64 << 20);
        spool.Accept([Entry("alert", EdgeBatch.AlertLane, EdgeEventTypes.AlertRaised), .. Enumerable.Range(0, 500).Select(n => Entry($"reading {n}"))]);
        await using var agent = new Running(edge, spool);

        await Eventually(() => agent.Count("connected to") >= 4, "the fourth session", 60);
        Assert.That(agent.Count("connected to"), Is.LessThanOrEqualTo(agent.Count("again in") + 1), agent.Log);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly StringWriter lines = new();
        private readonly CancellationTokenSource stop = new();
        private readonly HttpClient http;
        private readonly Task running;

        public Running(AgentBroker edge, Spool spool)
        {
            var trust = ServerTrust.From(edge.Config.Broker.CaFile);
            http = TokenSource.Http(trust, proxy: null);
            Publisher = new(edge.Config, spool, new(edge.Config, http, SystemClock, Around().Log), trust, SystemClock, Around(TextWriter.Synchronized(lines)).Log);
            running = Publisher.RunAsync(untilEmpty: false, stop.Token);
        }

        public PublishSpool Publisher { get; }
        public string Log => lines.ToString();

        public int Count(string words) => Log.Split(words).Length - 1;

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running;
            Publisher.Dispose();
            http.Dispose();
            stop.Dispose();
        }
    }
}

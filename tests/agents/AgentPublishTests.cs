using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What arrives at a real RabbitMQ, over TLS with a real token.</summary>
public class AgentPublishTests : AgentAtBroker
{
    [Test]
    public async Task What_is_in_the_spool_arrives_once_with_its_number_its_chain_and_its_trace()
    {
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one", traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        Assert.That(await Edge.PublishAsync(spool), Is.Null);
        spool.Accept(Entry("two"));
        Assert.That(await Edge.PublishAsync(spool), Is.Null);

        var arrived = await Edge.ArrivedAsync();
        Assert.That(arrived.Select(message => (message.Sequence, message.RoutingKey)), Is.EqualTo(new[] { (1L, "acme.hq.reading"), (2L, "acme.hq.reading") }));
        Assert.That(arrived[1].Header(EdgeBatch.PreviousHeader), Is.EqualTo(Batch.HashOf(arrived[0].Body)));
        Assert.That(arrived[0].Header(EdgeBatch.TraceParentHeader), Does.StartWith("00-0af7651916cd43dd8448eb211c80319c"));
        Assert.That((arrived[0].Header(EdgeBatch.AgentHeader), arrived[0].Properties.ContentType, arrived[0].Properties.Persistent), Is.EqualTo(("acme-hq", EdgeBatch.ContentType, true)));
        Assert.That((spool.Tally.Sent, spool.Tally.Kept), Is.EqualTo((2L, 0L)));
    }

    [Test]
    public async Task What_arrives_is_signed_by_the_key_its_header_names()
    {
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"), Entry("two"));
        await Edge.PublishAsync(spool);

        var batch = (await Edge.ArrivedAsync()).Single();
        Assert.That(batch.Header(EdgeBatch.KeyHeader), Is.EqualTo(spool.Key.Id));
        var statement = BatchStatement.Of(batch.Header(EdgeBatch.AgentHeader), batch.Sequence, batch.Header(EdgeBatch.PreviousHeader), batch.Body);
        var signature = Base64Url.DecodeFromChars(batch.Header(EdgeBatch.SignatureHeader));
        using var key = PublicKey(spool.Key.Jwk);
        Assert.That(statement.IsSignedBy(key, signature), Is.True);
        Assert.That((statement with { Sequence = 2 }).IsSignedBy(key, signature), Is.False);
    }

    [Test]
    public async Task Killed_between_publish_and_confirm_the_same_batch_comes_again_under_the_same_number()
    {
        using (var spool = Open(Edge.Directory))
        {
            spool.Accept(Entry("one"));
            var trust = ServerTrust.From(Edge.Config.Broker.CaFile);
            using var http = TokenSource.Http(trust, proxy: null);
            var token = await new TokenSource(Edge.Config, http, SystemClock, Around().Log).GetAsync(CancellationToken.None);
            await using var link = await BrokerLink.OpenAsync(Edge.Config, trust, token, SystemClock, CancellationToken.None);
            await link.PublishAsync(spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0], CancellationToken.None);
            // Here the power fails: the broker has it, the spool does not know.
        }
        using (var again = Open(Edge.Directory)) Assert.That(await Edge.PublishAsync(again), Is.Null);

        var arrived = await Edge.ArrivedAsync();
        Assert.That(arrived.Select(message => message.Sequence), Is.EqualTo(new[] { 1L, 1L }));
        Assert.That(arrived[1].Body, Is.EqualTo(arrived[0].Body));
    }

    [Test]
    public async Task Alerts_overtake_a_backlog_of_readings()
    {
        using var spool = Open(Edge.Directory, maxBytes: 1 << 27);
        var large = new string('x', EdgeBatch.LargestBody / 2);   // so that each is a batch of its own
        spool.Accept([.. Enumerable.Range(0, 80).Select(n => Entry($"{large} {n}"))]);
        spool.Accept(Entry("alert", EdgeBatch.AlertLane));
        await Edge.PublishAsync(spool);
        var arrived = await Edge.ArrivedAsync();
        Assert.That(arrived.FindIndex(message => message.RoutingKey == "acme.hq.alert"), Is.LessThan(40));
        Assert.That(arrived.Select(message => message.Sequence), Is.EquivalentTo(Enumerable.Range(1, 81)));
    }

    [Test]
    public async Task A_whole_agent_reports_its_printers_and_stops_cleanly()
    {
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 6, TenantSplit.Parse("acme:1"), 18007), 0, SystemClock);
        var config = Edge.Config with { Targets = [.. printers.Manifest.Select(entry => new TargetConfig(entry.Address, entry.Port))] };
        var lines = new StringWriter();
        using var spool = Open(Edge.Directory);
        using var stop = new CancellationTokenSource();
        var running = AgentRun.RunAsync(config, spool, Around(lines), stop.Token);
        await Eventually(() => spool.Tally is { Sent: >= 25, Kept: 0 }, "six devices, meters, supplies, statuses and the agent's health to be sent", 60);
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(20));

        var events = (await Edge.ArrivedAsync()).SelectMany(message => JsonSerializer.Deserialize<List<EdgeEvent>>(message.Body, EdgeBatch.Json)!).ToList();
        foreach (var type in new[] { EdgeEventTypes.DeviceSeen, EdgeEventTypes.MeterRead, EdgeEventTypes.SuppliesRead })
            Assert.That(events.Count(e => e.Type == type), Is.EqualTo(6), type);
        Assert.That(events.Select(e => e.Id), Is.Unique);
        Assert.That(events.Select(e => e.Source).Distinct(), Is.EqualTo(new[] { "/tenants/acme/sites/hq/agents/acme-hq" }));
        Assert.That(lines.ToString(), Does.Contain("stopping").And.Contain($"{events.Count} events accepted = {events.Count} sent + 0 kept + 0 refused"));
    }

    private static ECDsa PublicKey(string jwk)
    {
        var point = JsonDocument.Parse(jwk).RootElement;
        byte[] Coordinate(string name) => Base64Url.DecodeFromChars(point.GetProperty(name).GetString());
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Coordinate("x"), Y = Coordinate("y") } });
    }
}

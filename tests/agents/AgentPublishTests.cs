using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.Contracts.Edge.V1;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>Against a real RabbitMQ over TLS with a real token.</summary>
public class AgentPublishTests
{
    private TestRabbitMq rabbit = null!;
    private AgentBroker edge = null!;

    [OneTimeSetUp]
    public async Task Start() => rabbit = await TestRabbitMq.OpenAsync(SystemClock);

    [OneTimeTearDown]
    public async Task Stop() => await rabbit.DisposeAsync();

    [SetUp]
    public async Task OpenEdge() => edge = await AgentBroker.OpenAsync(rabbit.Broker);

    [TearDown]
    public async Task CloseEdge() => await edge.DisposeAsync();

    [Test]
    public async Task What_is_in_the_spool_arrives_once_with_its_number_its_chain_and_its_trace()
    {
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one", traceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        Assert.That(await edge.PublishAsync(spool), Is.Null);
        spool.Accept(Entry("two"));
        Assert.That(await edge.PublishAsync(spool), Is.Null);

        var arrived = await edge.ArrivedAsync();
        Assert.That(arrived.Select(message => (message.Sequence, message.RoutingKey)), Is.EqualTo(new[] { (1L, "acme.hq.reading"), (2L, "acme.hq.reading") }));
        Assert.That(arrived[1].Header(EdgeBatch.PreviousHeader), Is.EqualTo(Batch.HashOf(arrived[0].Body)));
        Assert.That(arrived[0].Header(EdgeBatch.TraceParentHeader), Does.StartWith("00-0af7651916cd43dd8448eb211c80319c"));
        Assert.That((arrived[0].Header(EdgeBatch.AgentHeader), arrived[0].Properties.ContentType, arrived[0].Properties.Persistent), Is.EqualTo(("acme-hq", EdgeBatch.ContentType, true)));
        Assert.That((spool.Tally.Sent, spool.Tally.Kept), Is.EqualTo((2L, 0L)));
    }

    [Test]
    public async Task What_arrives_is_signed_by_the_key_its_header_names()
    {
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one"), Entry("two"));
        await edge.PublishAsync(spool);

        var batch = (await edge.ArrivedAsync()).Single();
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
        using (var spool = Open(edge.Directory))
        {
            spool.Accept(Entry("one"));
            var trust = ServerTrust.From(edge.Config.Broker.CaFile);
            using var http = TokenSource.Http(trust, proxy: null);
            var token = await new TokenSource(edge.Config, http, SystemClock, Around().Log).GetAsync(CancellationToken.None);
            await using var link = await BrokerLink.OpenAsync(edge.Config, trust, token, SystemClock, CancellationToken.None);
            await link.PublishAsync(spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0], CancellationToken.None);
            // Here the power fails: the broker has it, the spool does not know.
        }
        using (var again = Open(edge.Directory)) Assert.That(await edge.PublishAsync(again), Is.Null);

        var arrived = await edge.ArrivedAsync();
        Assert.That(arrived.Select(message => message.Sequence), Is.EqualTo(new[] { 1L, 1L }));
        Assert.That(arrived[1].Body, Is.EqualTo(arrived[0].Body));
    }

    [Test]
    public async Task Alerts_overtake_a_backlog_of_readings()
    {
        using var spool = Open(edge.Directory, maxBytes: 1 << 27);
        var large = new string('x', EdgeBatch.LargestBody / 2);   // so that each is a batch of its own
        spool.Accept([.. Enumerable.Range(0, 80).Select(n => Entry($"{large} {n}"))]);
        spool.Accept(Entry("alert", EdgeBatch.AlertLane));
        await edge.PublishAsync(spool);
        var arrived = await edge.ArrivedAsync();
        Assert.That(arrived.FindIndex(message => message.RoutingKey == "acme.hq.alert"), Is.LessThan(40));
        Assert.That(arrived.Select(message => message.Sequence), Is.EquivalentTo(Enumerable.Range(1, 81)));
    }

    [Test]
    public async Task A_key_of_another_site_is_403_and_the_batch_is_kept()
    {
        edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.branch.*";
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one"));
        Assert.That((await edge.PublishAsync(spool))!.Kind, Is.EqualTo(FailureKind.Forbidden));
        Assert.That(spool.Tally.Kept, Is.EqualTo(1));

        edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.hq.*";
        Assert.That(await edge.PublishAsync(spool), Is.Null, "with the right scope it goes");
    }

    [Test]
    public async Task Where_no_queue_is_bound_the_batch_is_kept()
    {
        edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.lonely.*";
        using var spool = Open(edge.Directory, site: "lonely");
        spool.Accept(Entry("one"));
        Assert.That((await edge.PublishAsync(spool))!.Kind, Is.EqualTo(FailureKind.Unroutable));
        Assert.That(spool.Tally.Kept, Is.EqualTo(1));
    }

    [Test]
    public async Task A_broker_that_another_authority_vouches_for_is_not_believed()
    {
        var other = DevCertificates.Open(System.IO.Directory.CreateDirectory(Path.Combine(edge.Directory, "other")).FullName, SystemClock);
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one"));
        var failure = await edge.PublishAsync(spool, edge.Config with { Broker = edge.Config.Broker with { CaFile = other.CaFile } });
        Assert.That((failure!.Kind, failure.Line), Is.EqualTo((FailureKind.Tls, $"TLS with broker localhost:{rabbit.Broker.AmqpsPort} failed: its certificate does not lead to the pinned root")));
    }

    [Test]
    public async Task A_certificate_for_another_name_is_not_believed()
    {
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one"));
        var failure = await edge.PublishAsync(spool, edge.Config with { Broker = edge.Config.Broker with { Host = "127.0.0.2" } });
        Assert.That(failure!.Kind, Is.EqualTo(FailureKind.Tls).Or.EqualTo(FailureKind.Refused), failure.Line);
    }

    [Test]
    public async Task Each_way_not_to_get_there_says_so()
    {
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one"));
        var config = edge.Config;
        Assert.That((await edge.PublishAsync(spool, config with { Broker = config.Broker with { Host = "nowhere.invalid" } }))!.Kind, Is.EqualTo(FailureKind.Dns));
        Assert.That((await edge.PublishAsync(spool, config with { Broker = config.Broker with { Port = Ports.Free() } }))!.Kind, Is.EqualTo(FailureKind.Refused));
        Assert.That((await edge.PublishAsync(spool, config with { Broker = config.Broker with { Vhost = "elsewhere" } }))!.Kind, Is.EqualTo(FailureKind.Forbidden).Or.EqualTo(FailureKind.LoginRefused).Or.EqualTo(FailureKind.ConnectionLost));

        await File.WriteAllTextAsync(config.SecretFile!, "wrong");
        var refused = await edge.PublishAsync(spool, config);
        Assert.That(refused!.Line, Is.EqualTo($"token issuer {edge.Issuer.Url} gives client acme-hq no token: 401 invalid_client"));
        Assert.That(spool.Tally.Kept, Is.EqualTo(1));
    }

    [Test]
    public async Task An_agent_in_trouble_tries_again_by_itself_until_the_cause_is_gone()
    {
        edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.branch.*";
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one"));
        var trust = ServerTrust.From(edge.Config.Broker.CaFile);
        using var http = TokenSource.Http(trust, proxy: null);
        using var publisher = new PublishSpool(edge.Config, spool, new(edge.Config, http, SystemClock, Around().Log), trust, SystemClock, Around().Log);
        var running = publisher.RunAsync(untilEmpty: true, CancellationToken.None);
        await Eventually(() => publisher.Trouble?.Kind == FailureKind.Forbidden, "a refusal");
        edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.hq.*";
        await Eventually(() => running.IsCompleted, "the batch to be sent after all", 60);
        Assert.That((spool.Tally.Sent, publisher.Trouble), Is.EqualTo((1L, (Failure?)null)));
    }

    [Test]
    public async Task What_was_in_the_way_is_over_once_it_is_connected_though_there_is_nothing_to_send()
    {
        await File.WriteAllTextAsync(edge.Config.SecretFile!, "wrong");
        using var spool = Open(edge.Directory);
        var trust = ServerTrust.From(edge.Config.Broker.CaFile);
        using var http = TokenSource.Http(trust, proxy: null);
        using var publisher = new PublishSpool(edge.Config, spool, new(edge.Config, http, SystemClock, Around().Log), trust, SystemClock, Around().Log);
        using var stop = new CancellationTokenSource();
        var running = publisher.RunAsync(untilEmpty: false, stop.Token);
        await Eventually(() => publisher.Trouble?.Kind == FailureKind.Token, "a refusal");
        await File.WriteAllTextAsync(edge.Config.SecretFile!, edge.Issuer.Secret);
        await Eventually(() => publisher.IsConnected, "the connection");
        Assert.That((publisher.Trouble, publisher.LastTrouble is null), Is.EqualTo(((Failure?)null, false)), "it is the past");
        await stop.CancelAsync();
        await running;
    }

    [Test]
    public async Task A_whole_agent_reports_its_printers_and_stops_cleanly()
    {
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 6, TenantSplit.Parse("acme:1"), 18007), 0, SystemClock);
        var config = edge.Config with { Targets = [.. printers.Manifest.Select(entry => new TargetConfig(entry.Address, entry.Port))] };
        var lines = new StringWriter();
        using var spool = Open(edge.Directory);
        using var stop = new CancellationTokenSource();
        var running = AgentRun.RunAsync(config, spool, Around(lines), stop.Token);
        await Eventually(() => spool.Tally is { Sent: >= 25, Kept: 0 }, "six devices, meters, supplies, statuses and the agent's health to be sent", 60);
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(20));

        var events = (await edge.ArrivedAsync()).SelectMany(message => JsonSerializer.Deserialize<List<EdgeEvent>>(message.Body, EdgeBatch.Json)!).ToList();
        foreach (var type in new[] { EdgeEventTypes.DeviceSeen, EdgeEventTypes.MeterRead, EdgeEventTypes.SuppliesRead })
            Assert.That(events.Count(e => e.Type == type), Is.EqualTo(6), type);
        Assert.That(events.Select(e => e.Id), Is.Unique);
        Assert.That(events.Select(e => e.Source).Distinct(), Is.EqualTo(new[] { "/tenants/acme/sites/hq/agents/acme-hq" }));
        Assert.That(lines.ToString(), Does.Contain("stopping").And.Contain($"{events.Count} events accepted = {events.Count} sent + 0 kept + 0 refused"));
    }

    [Test]
    public async Task A_connection_outlives_its_token()
    {
        edge.Issuer.LifeSeconds = 4;
        using var spool = Open(edge.Directory);
        var trust = ServerTrust.From(edge.Config.Broker.CaFile);
        using var http = TokenSource.Http(trust, proxy: null);
        var lines = new StringWriter();
        using var publisher = new PublishSpool(edge.Config, spool, new(edge.Config, http, SystemClock, Around().Log), trust, SystemClock, Around(lines).Log);
        using var stop = new CancellationTokenSource();
        var running = publisher.RunAsync(untilEmpty: false, stop.Token);
        await Eventually(() => edge.Issuer.Issued >= 4, "the fourth token");
        spool.Accept(Entry("late"));
        publisher.Wake();
        await Eventually(() => spool.Tally.Sent == 1, "the batch sent under the fourth token");
        await stop.CancelAsync();
        await running;
        Assert.That(lines.ToString().Split("connected to").Length - 1, Is.EqualTo(1), lines.ToString());
    }

    [Test]
    public async Task Without_renewal_the_broker_refuses_the_old_token()
    {
        edge.Issuer.LifeSeconds = 1;
        using var spool = Open(edge.Directory);
        spool.Accept(Entry("one"));
        var trust = ServerTrust.From(edge.Config.Broker.CaFile);
        using var http = TokenSource.Http(trust, proxy: null);
        var token = await new TokenSource(edge.Config, http, SystemClock, Around().Log).GetAsync(CancellationToken.None);
        await using var link = await BrokerLink.OpenAsync(edge.Config, trust, token, SystemClock, CancellationToken.None);
        await Eventually(() => SystemClock.GetUtcNow() > token.ExpiresAt.AddSeconds(2), "the token to expire");
        var thrown = Assert.CatchAsync(() => link.PublishAsync(spool.Waiting(EdgeBatch.ReadingLane, 0, 1)[0], CancellationToken.None));
        TestContext.Out.WriteLine(Failure.Of(thrown!, edge.Config, null).Line);
    }

    private static ECDsa PublicKey(string jwk)
    {
        var point = JsonDocument.Parse(jwk).RootElement;
        byte[] Coordinate(string name) => Base64Url.DecodeFromChars(point.GetProperty(name).GetString());
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Coordinate("x"), Y = Coordinate("y") } });
    }
}

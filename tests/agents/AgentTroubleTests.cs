using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using Fleet.Cli.Local;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>What keeps an agent from a real RabbitMQ: each is named, and nothing is lost meanwhile.</summary>
public class AgentTroubleTests : AgentAtBroker
{
    [Test]
    public async Task A_key_of_another_site_is_403_and_the_batch_is_kept()
    {
        Edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.branch.*";
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        Assert.That((await Edge.PublishAsync(spool))!.Kind, Is.EqualTo(FailureKind.Forbidden));
        Assert.That(spool.Tally.Kept, Is.EqualTo(1));

        Edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.hq.*";
        Assert.That(await Edge.PublishAsync(spool), Is.Null, "with the right scope it goes");
    }

    [Test]
    public async Task Where_no_queue_is_bound_the_batch_is_kept()
    {
        Edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.lonely.*";
        using var spool = Open(Edge.Directory, site: "lonely");
        spool.Accept(Entry("one"));
        Assert.That((await Edge.PublishAsync(spool))!.Kind, Is.EqualTo(FailureKind.Unroutable));
        Assert.That(spool.Tally.Kept, Is.EqualTo(1));
    }

    [Test]
    public async Task A_broker_that_another_authority_vouches_for_is_not_believed()
    {
        var other = DevCertificates.Open(System.IO.Directory.CreateDirectory(Path.Combine(Edge.Directory, "other")).FullName, SystemClock);
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        var failure = await Edge.PublishAsync(spool, Edge.Config with { Broker = Edge.Config.Broker with { CaFile = other.CaFile } });
        Assert.That((failure!.Kind, failure.Line), Is.EqualTo((FailureKind.Tls, $"TLS with broker localhost:{Broker.AmqpsPort} failed: its certificate does not lead to the pinned root")));
    }

    [Test]
    public async Task A_certificate_for_another_name_is_not_believed()
    {
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        var failure = await Edge.PublishAsync(spool, Edge.Config with { Broker = Edge.Config.Broker with { Host = "127.0.0.2" } });
        Assert.That(failure!.Kind, Is.EqualTo(FailureKind.Tls).Or.EqualTo(FailureKind.Refused), failure.Line);
    }

    [Test]
    public async Task Each_way_not_to_get_there_says_so()
    {
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        var config = Edge.Config;
        Assert.That((await Edge.PublishAsync(spool, config with { Broker = config.Broker with { Host = "nowhere.invalid" } }))!.Kind, Is.EqualTo(FailureKind.Dns));
        Assert.That((await Edge.PublishAsync(spool, config with { Broker = config.Broker with { Port = Ports.Free() } }))!.Kind, Is.EqualTo(FailureKind.Refused));
        Assert.That((await Edge.PublishAsync(spool, config with { Broker = config.Broker with { Vhost = "elsewhere" } }))!.Kind, Is.EqualTo(FailureKind.Forbidden).Or.EqualTo(FailureKind.LoginRefused).Or.EqualTo(FailureKind.ConnectionLost));

        await File.WriteAllTextAsync(config.SecretFile!, "wrong");
        var refused = await Edge.PublishAsync(spool, config);
        Assert.That(refused!.Line, Is.EqualTo($"token issuer {Edge.Issuer.Url} gives client acme-hq no token: 401 invalid_client"));
        Assert.That(spool.Tally.Kept, Is.EqualTo(1));
    }

    [Test]
    public async Task An_agent_in_trouble_tries_again_by_itself_until_the_cause_is_gone()
    {
        Edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.branch.*";
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        await using var agent = new AgentPublisher(Edge.Config, spool, untilEmpty: true);
        await Eventually(() => agent.Publisher.Trouble?.Kind == FailureKind.Forbidden, "a refusal");
        Edge.Issuer.Scope = "rabbitmq.write:fleet/edge/acme.hq.*";
        await Eventually(() => agent.Running.IsCompleted, "the batch to be sent after all", 60);
        Assert.That((spool.Tally.Sent, agent.Publisher.Trouble), Is.EqualTo((1L, (Failure?)null)));
    }

    [Test]
    public async Task What_was_in_the_way_is_over_once_it_is_connected_though_there_is_nothing_to_send()
    {
        await File.WriteAllTextAsync(Edge.Config.SecretFile!, "wrong");
        using var spool = Open(Edge.Directory);
        await using var agent = new AgentPublisher(Edge.Config, spool);
        await Eventually(() => agent.Publisher.Trouble?.Kind == FailureKind.Token, "a refusal");
        await File.WriteAllTextAsync(Edge.Config.SecretFile!, Edge.Issuer.Secret);
        await Eventually(() => agent.Publisher.IsConnected, "the connection");
        Assert.That((agent.Publisher.Trouble, agent.Publisher.LastTrouble is null), Is.EqualTo(((Failure?)null, false)), "it is the past");
    }
}

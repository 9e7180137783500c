using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Cli.Local;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>The agent behind an HTTP proxy, against a real RabbitMQ: everything goes through it, and nothing of it is believed but that it leads on.</summary>
public class AgentProxyTests : AgentAtBroker
{
    private ConnectProxy proxy = null!;

    [SetUp]
    public void Prepare() => proxy = new();

    [TearDown]
    public void PutAway() => proxy.Dispose();

    [Test]
    public async Task Token_and_batches_go_through_the_proxy_and_not_past_it()
    {
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        Assert.That(await Edge.PublishAsync(spool, Config), Is.Null);
        Assert.That((await Edge.ArrivedAsync()).Count, Is.EqualTo(1));
        Assert.That(proxy.Asked, Is.EqualTo(new[] { new Uri(Edge.Issuer.Url).Authority, $"localhost:{Broker.AmqpsPort}" }));

        // The twin: had either a way past the proxy, it would still get there.
        proxy.Dispose();
        spool.Accept(Entry("two"));
        Assert.That((await Edge.PublishAsync(spool, Config))!.Kind, Is.EqualTo(FailureKind.ProxyUnreachable));
        Assert.That((await Edge.PublishAsync(spool, Config with { Proxy = proxyless("127.0.0.1") }))!.Kind, Is.EqualTo(FailureKind.ProxyUnreachable), "the broker is not excepted");
        Assert.That(await Edge.PublishAsync(spool, Config with { Proxy = proxyless("127.0.0.1", "localhost") }), Is.Null, "what is excepted goes past it");

        ProxyConfig proxyless(params string[] except) => Config.Proxy! with { Except = except };
    }

    [Test]
    public async Task A_refusal_of_the_proxys_is_told_as_such()
    {
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        proxy.Says = ConnectProxy.Answer("HTTP/1.1 403 Forbidden\r\n\r\n");
        var failure = await Edge.PublishAsync(spool, Config with { Proxy = proxy.Config with { Except = ["127.0.0.1"] } });
        Assert.That((failure!.Kind, failure.Line), Is.EqualTo((FailureKind.ProxyForbids, $"proxy 127.0.0.1:{proxy.Port} lets nobody through to localhost:{Broker.AmqpsPort}: 403 Forbidden")));
        Assert.That((await Edge.PublishAsync(spool, Config))!.Line, Does.Contain($"lets nobody through to {new Uri(Edge.Issuer.Url).Authority}"), "and for the token, too");
        Assert.That(spool.Tally.Kept, Is.EqualTo(1));
    }

    [Test]
    public async Task The_certificate_must_be_for_the_brokers_name_also_where_the_proxys_own_name_would_fit()
    {
        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        proxy.Knows[$"nowhere.invalid:{Broker.AmqpsPort}"] = $"localhost:{Broker.AmqpsPort}";
        var named = Config with { Proxy = proxy.Config with { Address = $"http://localhost:{proxy.Port}" }, Broker = Config.Broker with { Host = "nowhere.invalid" } };
        var failure = await Edge.PublishAsync(spool, named);
        Assert.That((failure!.Kind, failure.Line), Is.EqualTo(
            (FailureKind.Tls, $"TLS with broker nowhere.invalid:{Broker.AmqpsPort} through proxy localhost:{proxy.Port} failed: its certificate is for another name")));
    }

    [Test]
    public async Task A_proxy_that_opens_tls_itself_is_not_believed()
    {
        var other = DevCertificates.Open(Directory.CreateDirectory(Path.Combine(Edge.Directory, "other")).FullName, SystemClock);
        using var certificate = X509Certificate2.CreateFromPemFile(other.CertificateFile, other.KeyFile);
        using var between = new TcpListener(IPAddress.Loopback, 0);
        between.Start();
        var opening = OpenAsync();
        proxy.Knows[$"localhost:{Broker.AmqpsPort}"] = $"{between.LocalEndpoint}";

        using var spool = Open(Edge.Directory);
        spool.Accept(Entry("one"));
        var failure = await Edge.PublishAsync(spool, Config);
        Assert.That((failure!.Kind, spool.Tally.Kept), Is.EqualTo((FailureKind.Tls, 1)), failure.Line);
        Assert.That(failure.Line, Does.EndWith("failed: its certificate does not lead to the pinned root"));
        await opening.WaitAsync(TimeSpan.FromSeconds(10));

        async Task OpenAsync()
        {
            await using var stream = new SslStream(new NetworkStream(await between.AcceptSocketAsync(), ownsSocket: true));
            Assert.CatchAsync(async () =>
            {
                await stream.AuthenticateAsServerAsync(certificate);
                await stream.ReadExactlyAsync(new byte[8]);
            }, "the agent must not begin to speak AMQP");
        }
    }

    [Test]
    public async Task The_token_is_renewed_on_the_tunnel_that_stands()
    {
        Edge.Issuer.LifeSeconds = 4;
        using var spool = Open(Edge.Directory);
        await using var agent = new AgentPublisher(Config, spool);
        await Eventually(() => Edge.Issuer.Issued >= 4, "the fourth token");
        spool.Accept(Entry("late"));
        agent.Publisher.Wake();
        await Eventually(() => spool.Tally.Sent == 1, "the batch sent under the fourth token");
        Assert.That(proxy.Asked.Count(target => target.StartsWith("localhost:", StringComparison.Ordinal)), Is.EqualTo(1), agent.Log);
    }

    [Test]
    public async Task A_tunnel_cut_in_the_middle_is_dug_again_and_nothing_is_lost_or_doubled()
    {
        using var spool = Open(Edge.Directory, maxBytes: 1 << 24);
        await using var agent = new AgentPublisher(Config, spool);
        for (var round = 1; round <= 4; round++)
        {
            spool.Accept([.. Enumerable.Range(0, 50).Select(n => Entry($"{round}/{n}"))]);
            agent.Publisher.Wake();
            if (round % 2 == 0) proxy.Cut();
            await Eventually(() => spool.Tally is { Kept: 0 }, $"round {round} to be sent", 60);
        }
        var arrived = (await Edge.ArrivedAsync()).GroupBy(message => message.Sequence).ToList();
        Assert.That(arrived.Select(same => same.Key), Is.EqualTo(Enumerable.Range(1, arrived.Count).Select(n => (long)n)));
        Assert.That(arrived.Sum(same => System.Text.Json.JsonSerializer.Deserialize<string[]>(same.First().Body)!.Length), Is.EqualTo(200));
        Assert.That(arrived.All(same => same.All(one => one.Body.AsSpan().SequenceEqual(same.First().Body))), Is.True, "what came twice is the same batch");
        Assert.That(agent.Log, Does.Contain($"through proxy 127.0.0.1:{proxy.Port}"));
    }

    private AgentConfig Config => Edge.Config with { Proxy = proxy.Config };
}

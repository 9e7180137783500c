using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Agent.Proxying;
using Fleet.Agent.Publishing;
using Fleet.Cli.Local;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Agents.Tests;

/// <summary>The way through a proxy, and proxies of every bad kind.</summary>
public class AgentTunnelTests
{
    private ConnectProxy proxy = null!;

    [SetUp]
    public void Open() => proxy = new();

    [TearDown]
    public void Close() => proxy.Dispose();

    [Test]
    public async Task Only_the_proxy_need_know_the_host_and_bytes_behind_its_answer_belong_to_the_tunnel()
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        proxy.Knows["fleet.invalid:5671"] = $"127.0.0.1:{((IPEndPoint)host.LocalEndpoint).Port}";
        proxy.Ahead = "early ";
        using var socket = await ThroughAsync("fleet.invalid");
        using var other = await host.AcceptSocketAsync();
        await other.SendAsync("late"u8.ToArray());

        var read = new byte[10];
        await using var tunnel = new NetworkStream(socket);
        await tunnel.ReadExactlyAsync(read).AsTask().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.That(Encoding.ASCII.GetString(read), Is.EqualTo("early late"));
        Assert.That((proxy.Asked.Single(), proxy.Logins.Single()), Is.EqualTo(("fleet.invalid:5671", "")), "no login unless configured");
    }

    [TestCase("HTTP/1.1 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.0 200\r\n\r\n")]
    [TestCase("HTTP/1.1 299 Fine\nVia: x\n\n")]
    [TestCase("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")]
    public async Task Every_answer_of_2xx_opens_it(string answer)
    {
        proxy.Says = ConnectProxy.Answer(answer);
        using var socket = await ThroughAsync();
        Assert.That(socket.Connected, Is.True);
    }

    [TestCase("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", FailureKind.ProxyLogin, "wants a login, and the configuration has none: 407")]
    [TestCase("HTTP/1.1 403 Forbidden\r\n\r\n", FailureKind.ProxyForbids, "lets nobody through to fleet.invalid:5671: 403 Forbidden")]
    [TestCase("HTTP/1.1 405 Method Not Allowed\r\n\r\n", FailureKind.ProxyForbids, "405")]
    [TestCase("HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n", FailureKind.ProxyForbids, "302 Found")]
    [TestCase("HTTP/1.1 502 Bad Gateway\r\n\r\n", FailureKind.ProxyNoWay, "finds no way to fleet.invalid:5671: 502 Bad Gateway")]
    [TestCase("HTTP/1.1 504 Gateway\u0007Timeout\r\n\r\n", FailureKind.ProxyNoWay, "504 Gateway?Timeout")]
    [TestCase("SSH-2.0-OpenSSH_9.2\r\n", FailureKind.ProxyNonsense, "answers CONNECT with nonsense")]
    [TestCase("HTTP/2 200\r\n\r\n", FailureKind.ProxyNonsense, "no answer in HTTP/1")]
    [TestCase("HTTP/1.1 2000 OK\r\n\r\n", FailureKind.ProxyNonsense, "no answer in HTTP/1")]
    [TestCase("HTTP/1.1 099 OK\r\n\r\n", FailureKind.ProxyNonsense, "no answer in HTTP/1")]
    [TestCase("\u0015\u0003\u0001\u0000\u0002", FailureKind.ProxyNonsense, "no answer in HTTP/1")]
    public void Every_other_answer_closes_it_in_one_line(string answer, FailureKind kind, string says)
    {
        proxy.Says = ConnectProxy.Answer(answer);
        var closed = Assert.ThrowsAsync<ProxyException>(() => ThroughAsync());
        Assert.That(closed!.Kind, Is.EqualTo(kind), closed.Message);
        Assert.That(closed.Message, Does.Contain(says).And.StartWith($"proxy 127.0.0.1:{proxy.Port} ").And.Not.Contain("\r"));
    }

    [Test]
    public void A_head_without_end_is_cut_off()
    {
        proxy.Says = async (stream, cancel) =>
        {
            await ConnectProxy.Answer("HTTP/1.1 200 OK\r\n")(stream, cancel);
            while (true) await ConnectProxy.Answer($"X-More: {new string('x', 1000)}\r\n")(stream, cancel);
        };
        Assert.That(Assert.ThrowsAsync<ProxyException>(() => ThroughAsync())!.Kind, Is.EqualTo(FailureKind.ProxyNonsense));
    }

    [Test]
    public void Interim_answers_without_end_are_cut_off()
    {
        proxy.Says = async (stream, cancel) =>
        {
            while (true) await ConnectProxy.Answer("HTTP/1.1 100 Continue\r\n\r\n")(stream, cancel);
        };
        Assert.That(Assert.ThrowsAsync<ProxyException>(() => ThroughAsync())!.Kind, Is.EqualTo(FailureKind.ProxyNonsense));
    }

    [TestCase("")]
    [TestCase("HTTP/1.1 200 OK\r\n")]
    public void An_answer_that_ends_early_opens_nothing(string answer)
    {
        proxy.Says = async (stream, cancel) =>
        {
            await ConnectProxy.Answer(answer)(stream, cancel);
            stream.Socket.Shutdown(SocketShutdown.Send);
        };
        Assert.That(Assert.ThrowsAsync<ProxyException>(() => ThroughAsync())!.Kind, Is.EqualTo(FailureKind.ProxyNonsense));
    }

    [Test]
    public async Task A_silent_or_dripping_proxy_is_waited_for_eight_seconds_in_all()
    {
        proxy.Says = (_, _) => Task.CompletedTask;
        using var dripping = new ConnectProxy();
        dripping.Says = async (stream, cancel) =>
        {
            await ConnectProxy.Answer("HTTP/1.1 200 OK\r\n")(stream, cancel);
            while (true)
            {
                await ConnectProxy.Answer("x")(stream, cancel);
                await Task.Delay(200, cancel);
            }
        };
        var started = AgentSamples.SystemClock.GetTimestamp();
        var both = new[] { ThroughAsync(), OpenTunnel.ToAsync(dripping.Config, "fleet.invalid", 5671, CancellationToken.None) };
        foreach (var one in both)
        {
            var silent = Assert.ThrowsAsync<ProxyException>(() => one);
            Assert.That(silent!.Kind, Is.EqualTo(FailureKind.ProxySilent), silent.Message);
            Assert.That(silent.Message, Does.EndWith("has not opened the way to fleet.invalid:5671 within 8 s"));
        }
        Assert.That(AgentSamples.SystemClock.GetElapsedTime(started), Is.LessThan(TimeSpan.FromSeconds(15)));
        await Task.WhenAll(both).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Test]
    public void A_stop_is_a_stop_and_no_fault_of_the_proxys()
    {
        proxy.Says = (_, _) => Task.CompletedTask;
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.CatchAsync<OperationCanceledException>(() => OpenTunnel.ToAsync(proxy.Config, "fleet.invalid", 5671, stop.Token));
    }

    [Test]
    public void A_proxy_that_is_not_there_is_named()
    {
        var refused = Assert.ThrowsAsync<ProxyException>(() => OpenTunnel.ToAsync(new($"http://127.0.0.1:{Ports.Free()}"), "fleet.invalid", 5671, CancellationToken.None));
        Assert.That((refused!.Kind, refused.Message.EndsWith("refuses connections: is it running?", StringComparison.Ordinal)), Is.EqualTo((FailureKind.ProxyUnreachable, true)), refused.Message);
        var unknown = Assert.ThrowsAsync<ProxyException>(() => OpenTunnel.ToAsync(new("http://nowhere.invalid:3128"), "fleet.invalid", 5671, CancellationToken.None));
        Assert.That((unknown!.Kind, unknown.Message), Is.EqualTo((FailureKind.ProxyDns, "no address is known for the proxy nowhere.invalid")));
    }

    [Test]
    public async Task A_login_is_sent_with_the_first_question_and_a_wrong_one_is_named_by_its_user()
    {
        proxy.Login = $"Basic {Convert.ToBase64String("fleet:s3cret"u8)}";
        proxy.Knows["fleet.invalid:5671"] = $"127.0.0.1:{proxy.Port}";
        var right = ReadProxy.Opened(proxy.Config with { User = "fleet", PasswordEnv = "P" }, _ => "s3cret");
        using var socket = await OpenTunnel.ToAsync(right, "fleet.invalid", 5671, CancellationToken.None);
        Assert.That(proxy.Asked, Has.Count.EqualTo(1));

        var wrong = ReadProxy.Opened(proxy.Config with { User = "fleet", PasswordEnv = "P" }, _ => "other");
        var refused = Assert.ThrowsAsync<ProxyException>(() => OpenTunnel.ToAsync(wrong, "fleet.invalid", 5671, CancellationToken.None));
        Assert.That((refused!.Kind, refused.Message), Is.EqualTo((FailureKind.ProxyLogin, $"proxy 127.0.0.1:{proxy.Port} does not take the password of user fleet: 407 Proxy Authentication Required")));

        proxy.Says = ConnectProxy.Answer("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\nproxy-authenticate: NTLM\r\n\r\n");
        var other = Assert.ThrowsAsync<ProxyException>(() => OpenTunnel.ToAsync(right, "fleet.invalid", 5671, CancellationToken.None));
        Assert.That(other!.Message, Does.EndWith("wants a login by Negotiate or NTLM; the agent knows Basic only"));
    }

    [Test]
    public void However_an_answer_is_cut_into_packets_its_end_is_found_at_the_same_place()
    {
        var heads = Gen.Elements("HTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\n\n", "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n", "HTTP/1.0 200\nA: b\r\n\n");
        Prop.ForAll((from head in heads from rest in Gen.Elements("", "\r\n\r\n", "\n", "\u0016\u0003\u0003") from at in Gen.Choose(0, 60) select (head, rest, at)).ToArbitrary(), one =>
        {
            var bytes = Encoding.Latin1.GetBytes(one.head + one.rest);
            var seen = bytes.AsSpan(0, Math.Min(one.at, bytes.Length));
            Assert.That(ProxyAnswer.EndOf(seen), Is.EqualTo(seen.Length < one.head.Length ? -1 : one.head.Length));
            Assert.That(ProxyAnswer.MayBegin(seen), Is.True);
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void No_bytes_of_any_kind_break_the_reading_of_an_answer() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        _ = ProxyAnswer.EndOf(bytes);
        _ = ProxyAnswer.MayBegin(bytes);
        _ = ProxyAnswer.Parse(bytes);
        _ = ProxyAnswer.Parse([.. "HTTP/1.1 "u8, .. bytes]);
    }).QuickCheckThrowOnFailure();

    private Task<Socket> ThroughAsync(string host = "fleet.invalid") => OpenTunnel.ToAsync(proxy.Config, host, 5671, CancellationToken.None);
}

using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Agents.Tests;

public class AgentConfigTests
{
    private const string Good = """
        {
          "tenant": "acme", "site": "hq", "agentId": "acme-hq",
          "targets": [ { "address": "127.0.0.5", "port": 16161 }, { "address": "127.0.0.6" } ],
          "broker": { "host": "localhost", "port": 5671 },
          "tokenUrl": "http://127.0.0.1:8080/oauth/token", "clientId": "acme-hq", "secretFile": "/s", "stateDir": "/st",
          "metersEvery": "30m"
        }
        """;

    [Test]
    public void What_is_left_out_has_a_sensible_value()
    {
        var config = ReadConfig.Parse(Good);
        Assert.That(config.Cadence, Is.EqualTo(new Cadence(TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1))));
        Assert.That((config.Targets![1].Port, config.Targets[1].Community, config.Broker.Vhost), Is.EqualTo((161, "public", "fleet")));
        Assert.That(config.Source, Is.EqualTo("/tenants/acme/sites/hq/agents/acme-hq"));
    }

    [TestCase("\"tenant\": \"acme\"", "\"tenant\": \"Acme Inc.\"", "tenant: 'Acme Inc.' is no slug")]
    [TestCase("\"site\": \"hq\", ", "", "site")]
    [TestCase("\"port\": 5671", "\"port\": 99999", "broker.port: 99999 is no port")]
    [TestCase("\"port\": 5671", "\"port\": \"x\"", "broker.port")]
    [TestCase("\"host\"", "\"hots\"", "hots")]
    [TestCase("127.0.0.6", "printer", "targets[1].address: 'printer' is no IP address")]
    [TestCase("127.0.0.6", "224.0.0.1", "targets[1].address: 224.0.0.1 is not one device")]
    [TestCase("http://127.0.0.1:8080", "http://issuer.example", "tokenUrl: must be https")]
    [TestCase("\"stateDir\"", "\"api\": \"nonsense\", \"stateDir\"", "api: 'nonsense' is no http(s) address")]
    [TestCase("\"stateDir\"", "\"api\": \"http://fleet.example\", \"stateDir\"", "api: must be https")]
    [TestCase("\"30m\"", "\"30 minutes\"", "metersEvery: '30 minutes' is no duration such as 30s, 15m, 1h or 1d, and as a cron expression it has 2 fields, not 5")]
    [TestCase("\"metersEvery\"", "\"caFile\": 1, \"metersEvery\"", "caFile")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"proxy:3128\" }, \"stateDir\"", "proxy.address: 'proxy:3128' is no address such as http://proxy.example:3128")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"https://proxy:3128\" }, \"stateDir\"", "proxy.address: 'https://proxy:3128' is no address")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://me:mine@proxy:3128\" }, \"stateDir\"", "proxy.address: a login stands in proxy.user")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://proxy:3128/x\" }, \"stateDir\"", "proxy.address: 'http://proxy:3128/x' names more than host and port")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://proxy\", \"user\": \"a:b\" }, \"stateDir\"", "proxy.user: is empty or holds a colon")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://proxy\", \"passwordEnv\": \"P\" }, \"stateDir\"", "proxy.user: is missing")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://proxy\", \"user\": \"a\" }, \"stateDir\"", "proxy: wants either passwordFile or passwordEnv")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://proxy\", \"user\": \"a\", \"passwordEnv\": \"FLEET_NO_SUCH\" }, \"stateDir\"", "proxy.passwordEnv: there is no environment variable FLEET_NO_SUCH")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://proxy\", \"user\": \"a\", \"passwordFile\": \"/nowhere/key\" }, \"stateDir\"", "proxy.passwordFile: ")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"address\": \"http://proxy\", \"except\": [ \"a b\" ] }, \"stateDir\"", "proxy.except[0]: 'a b' is no host name")]
    [TestCase("\"stateDir\"", "\"proxy\": { \"adress\": \"http://proxy\" }, \"stateDir\"", "proxy")]
    public void A_wrong_field_is_named_in_one_line(string text, string instead, string says)
    {
        var wrong = Assert.Throws<ConfigException>(() => ReadConfig.Parse(Good.Replace(text, instead, StringComparison.Ordinal)));
        Assert.That(wrong!.Message, Does.Contain(says).And.Not.Contain("\n"));
    }

    [TestCase("fleet.internal", false)]
    [TestCase("mq.Fleet.internal", false)]
    [TestCase("myfleet.internal", true)]
    [TestCase("192.0.2.7", false)]
    [TestCase("192.0.2.70", true)]
    public void What_is_excepted_is_a_name_with_all_below_it_or_an_address(string host, bool through) =>
        Assert.That(new ProxyConfig("http://proxy", Except: ["fleet.internal", "192.0.2.7"]).LeadsTo(host), Is.EqualTo(through));

    private static readonly object[] Failures =
    [
        new object[] { new BrokerUnreachableException(new SocketException((int)SocketError.HostNotFound)), FailureKind.Dns, "no address is known for broker.example" },
        new object[] { new BrokerUnreachableException(new AggregateException(new SocketException((int)SocketError.ConnectionRefused))), FailureKind.Refused, "refuses connections" },
        new object[] { new BrokerUnreachableException(new AuthenticationException("remote certificate")), FailureKind.Tls, "does not lead to the pinned root" },
        new object[] { new BrokerUnreachableException(new AuthenticationFailureException("ACCESS_REFUSED")), FailureKind.LoginRefused, "refuses the token" },
        new object[] { new AlreadyClosedException(new(ShutdownInitiator.Peer, 403, "ACCESS_REFUSED - write access to topic 'globex.hq.reading'")), FailureKind.Forbidden, "may not publish as acme.hq.*" },
        new object[] { new OperationInterruptedException(new ShutdownEventArgs(ShutdownInitiator.Peer, 320, "CONNECTION_FORCED - credential expired")), FailureKind.TokenExpired, "token has expired" },
        new object[] { new TokenRefusedException(HttpStatusCode.Unauthorized, "invalid_client"), FailureKind.Token, "401 invalid_client" },
        new object[] { new HttpRequestException("no", new SocketException((int)SocketError.ConnectionRefused)), FailureKind.Refused, "token issuer https://id.example/oauth/token refuses connections" },
        new object[] { new HttpRequestException("no answer", new TimeoutException("within 10 s")), FailureKind.NoAnswer, "token issuer https://id.example/oauth/token did not answer in time" },
        new object[] { new PublishException(1, isReturn: true), FailureKind.Unroutable, "has no queue for acme.hq.*" },
        new object[] { new TimeoutException("no confirm for batch 5"), FailureKind.NoAnswer, "no confirm for batch 5" }
    ];

    [TestCaseSource(nameof(Failures))]
    public void Each_way_to_fail_has_its_line(Exception thrown, FailureKind kind, string says)
    {
        var config = AgentSamples.Config("/st", "broker.example", 5671, tokenUrl: "https://id.example/oauth/token");
        var failure = Failure.Of(thrown, config, doubt: "its certificate does not lead to the pinned root");
        Assert.That(failure.Kind, Is.EqualTo(kind));
        Assert.That(failure.Line, Does.Contain(says));
    }
}

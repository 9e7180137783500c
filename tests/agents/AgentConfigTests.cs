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
    [TestCase("\"30m\"", "\"30 minutes\"", "metersEvery: is no duration such as 30s")]
    [TestCase("\"metersEvery\"", "\"caFile\": 1, \"metersEvery\"", "caFile")]
    public void A_wrong_field_is_named_in_one_line(string text, string instead, string says)
    {
        var wrong = Assert.Throws<ConfigException>(() => ReadConfig.Parse(Good.Replace(text, instead, StringComparison.Ordinal)));
        Assert.That(wrong!.Message, Does.Contain(says).And.Not.Contain("\n"));
    }

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

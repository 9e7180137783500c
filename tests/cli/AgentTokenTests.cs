using System.Buffers.Text;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fleet.Cli.Broker;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Cli.Tests;

/// <summary>An agent logs in over TLS with nothing but its ES256 access token, and its scope is its wall.</summary>
public class AgentTokenTests
{
    private const string AcmeHq = "rabbitmq.write:fleet/edge/acme.hq.*";

    [Test]
    public async Task An_agent_publishes_under_its_own_key()
    {
        await using var connection = await Login(Token(AcmeHq));
        await using var channel = await Channels.OpenAsync(connection);

        Assert.That(await Channels.PublishAsync(channel, Definitions.EdgeExchange, "acme.hq.reading"), Is.Null);
    }

    [TestCase("globex.hq.reading")]
    [TestCase("acme.branch.reading")]
    [TestCase("acmehq.hq.reading")]
    public async Task An_agent_is_refused_under_a_foreign_key(string key)
    {
        await using var connection = await Login(Token(AcmeHq));
        await using var channel = await Channels.OpenAsync(connection);

        Assert.That(await Channels.PublishAsync(channel, Definitions.EdgeExchange, key), Is.EqualTo(403));
    }

    [Test] // the twin: a scope that is too wide passes where the test above is refused
    public async Task A_scope_for_every_tenant_would_let_it_through()
    {
        await using var connection = await Login(Token("rabbitmq.write:fleet/edge/*"));
        await using var channel = await Channels.OpenAsync(connection);

        Assert.That(await Channels.PublishAsync(channel, Definitions.EdgeExchange, "globex.hq.reading"), Is.Null);
    }

    [Test]
    public async Task An_agent_declares_nothing()
    {
        await using var connection = await Login(Token(AcmeHq));
        await using var channel = await Channels.OpenAsync(connection);

        Assert.That(await Channels.RefusalAsync(() => channel.QueueDeclareAsync("telemetry-edge-spy")), Is.EqualTo(403));
    }

    [Test]
    public void A_token_signed_by_another_key_is_no_login()
    {
        using var foreign = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.ThrowsAsync<BrokerUnreachableException>(() => Login(Token(AcmeHq, key: foreign)));
    }

    [Test]
    public void An_expired_token_is_no_login() =>
        Assert.ThrowsAsync<BrokerUnreachableException>(() => Login(Token(AcmeHq, life: TimeSpan.FromMinutes(-1))));

    private static Task<IConnection> Login(string token)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Servers.Broker.CaFile);
        var factory = new ConnectionFactory
        {
            HostName = "localhost",
            Port = Servers.Broker.AmqpsPort,
            VirtualHost = Definitions.VirtualHost,
            UserName = "acme-hq",
            Password = token,
            Ssl = new SslOption("localhost", enabled: true)
            {
                CertificateValidationCallback = (_, certificate, _, errors) =>
                    (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == 0 && Verifies(certificate!, authorities)
            }
        };
        return factory.CreateConnectionAsync();
    }

    private static bool Verifies(X509Certificate certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build((X509Certificate2)certificate);
    }

    private static string Token(string scope, ECDsa? key = null, TimeSpan? life = null)
    {
        using var own = ECDsa.Create();
        own.ImportFromPem(File.ReadAllText(Servers.Broker.SigningKeyFile));
        var now = Servers.Clock.GetUtcNow();
        var (issued, expires) = (now.ToUnixTimeSeconds(), (now + (life ?? TimeSpan.FromMinutes(20))).ToUnixTimeSeconds());
        var head = Encode($$"""{"alg":"ES256","typ":"at+jwt","kid":"{{Servers.Broker.KeyId}}"}""");
        var body = Encode($$"""{"iss":"http://127.0.0.1","sub":"acme-hq","aud":"rabbitmq","scope":"{{scope}}","iat":{{issued}},"exp":{{expires}}}""");
        var signature = (key ?? own).SignData(Encoding.ASCII.GetBytes($"{head}.{body}"), HashAlgorithmName.SHA256);
        return $"{head}.{body}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

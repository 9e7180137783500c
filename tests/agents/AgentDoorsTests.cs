using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Fleet.Agent.Diagnosing;
using Fleet.Agent.Publishing;
using Fleet.Cli.Local;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>How far the doctor gets without a token, against doors that are not what they should be. (Against a real broker: AgentDoctorTests.)</summary>
public class AgentDoorsTests : AgentHome
{

    [TestCase(401, true)]
    [TestCase(200, false)]
    [TestCase(404, false)]
    [TestCase(502, false)]
    public async Task Where_grants_are_given_a_token_is_wanted(int status, bool isWell)
    {
        using var api = new AgentScriptedIssuer();
        api.Says("{}", status);
        var config = Config(Home, tokenUrl: $"{api.Origin}/oauth/token");
        using var http = TokenSource.Http(ServerTrust.From(null), proxy: null);
        var found = await new ExamineDoors(config, ServerTrust.From(null), http).GrantsAsync(CancellationToken.None);
        Assert.That((found.IsWell, found.What.Contains($"{status}", StringComparison.Ordinal), api.Asked.Single().Path), Is.EqualTo((isWell, true, "/api/v1/tenants/acme/sites/hq/grant")), found.ToString());
    }

    [TestCase(1, null)]
    [TestCase((int)'H', "is no AMQP 0-9-1 broker")]
    [TestCase(-1, "is no AMQP 0-9-1 broker")]
    public async Task What_shows_the_right_certificate_must_also_be_a_broker(int first, string? fault)
    {
        var pki = DevCertificates.Open(Home, SystemClock);
        using var certificate = X509Certificate2.CreateFromPemFile(pki.CertificateFile, pki.KeyFile);
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var serving = ServeAsync();
        var config = Config(Home, "localhost", ((IPEndPoint)server.LocalEndpoint).Port, pki.CaFile);
        using var http = new HttpClient();
        var doors = new ExamineDoors(config, ServerTrust.From(pki.CaFile), http);
        if (fault is null) Assert.That((await doors.BrokerAsync(CancellationToken.None)).What, Does.Contain("is who it says and speaks AMQP"));
        else Assert.That(Assert.CatchAsync<InvalidDataException>(() => doors.BrokerAsync(CancellationToken.None))!.Message, Does.Contain(fault));
        await serving.WaitAsync(TimeSpan.FromSeconds(10));

        async Task ServeAsync()
        {
            await using var stream = new SslStream(new NetworkStream(await server.AcceptSocketAsync(), ownsSocket: true));
            await stream.AuthenticateAsServerAsync(certificate);
            var hello = new byte[8];
            await stream.ReadExactlyAsync(hello);
            Assert.That(hello, Is.EqualTo("AMQP\0\0\u0009\u0001"u8.ToArray()));
            if (first >= 0) await stream.WriteAsync(new[] { (byte)first });
        }
    }
}

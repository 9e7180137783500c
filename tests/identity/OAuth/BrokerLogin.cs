using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Fleet.Testing;
using RabbitMQ.Client;

namespace Fleet.Identity.Tests.OAuth;

/// <summary>A token as password at the broker's TLS port, with its certificate verified.</summary>
internal static class BrokerLogin
{
    public static async Task<IConnection> ByAsync(string token)
    {
        var broker = (await SharedServers.StartedAsync()).Broker;
        return await new ConnectionFactory
        {
            HostName = "localhost",
            Port = broker.AmqpsPort,
            VirtualHost = "fleet",
            UserName = "whoever",
            Password = token,
            AutomaticRecoveryEnabled = false,
            Ssl = new SslOption("localhost", enabled: true)
            {
                CertificateValidationCallback = (_, certificate, _, errors) =>
                    (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None && Verifies((X509Certificate2)certificate!, broker.CaFile),
            },
        }.CreateConnectionAsync();
    }

    private static bool Verifies(X509Certificate2 certificate, string authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}

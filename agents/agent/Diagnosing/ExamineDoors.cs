using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Fleet.Agent.Configuration;
using Fleet.Agent.Proxying;
using Fleet.Agent.Publishing;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Diagnosing;

/// <summary>How far one gets without a token: TLS with the broker and its first word; the address grants come from, which must want one.</summary>
internal sealed class ExamineDoors(AgentConfig config, ServerTrust trust, HttpClient http)
{
    private const byte MethodFrame = 1;

    // As for an HTTP answer, and longer than a proxy is waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // The protocol header of AMQP 0-9-1 (§4.2.2); a broker answers with the frame Connection.Start.
    private static readonly byte[] Hello = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 0, 9, 1];

    /// <exception cref="Exception">What <see cref="Failure"/> puts into words.</exception>
    public async Task<Finding> BrokerAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        try
        {
            await using var tls = new SslStream(await WayOut.ToAsync(config.Proxy, new(config.Broker.Host, config.Broker.Port), patience.Token));
            var options = new SslClientAuthenticationOptions { TargetHost = config.Broker.Host, EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13, RemoteCertificateValidationCallback = trust.Believes };
            await tls.AuthenticateAsClientAsync(options, patience.Token);
            await tls.WriteAsync(Hello, patience.Token);
            var first = new byte[1];
            if (await tls.ReadAsync(first, patience.Token) == 0 || first[0] != MethodFrame) throw new InvalidDataException("what answers there is no AMQP 0-9-1 broker");
            return new("tls", string.Create(CultureInfo.InvariantCulture, $"{config.Broker.Host}:{config.Broker.Port} is who it says and speaks AMQP; without a token no login is tried"));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException($"within {Patience.TotalSeconds:0} s");
        }
    }

    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<Finding> GrantsAsync(CancellationToken stop)
    {
        using var answer = await http.GetAsync(new Uri(new Uri(config.ApiUrl), EdgeGrant.Path(config.Tenant, config.Site)), stop);
        return answer.StatusCode == HttpStatusCode.Unauthorized
            ? new("api", "grants are given there, to who shows a token (401 without one, as it should be)")
            : new("api", $"where grants are given, {(int)answer.StatusCode} is answered to who shows no token, and not 401", "check api in the configuration: there must be Fleet behind it, and nothing in between that answers in its place");
    }
}

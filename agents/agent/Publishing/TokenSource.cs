using System.Text;
using Fleet.Agent.Configuration;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Proxying;
using Fleet.Agent.Signing;

namespace Fleet.Agent.Publishing;

/// <summary>
/// The one place an agent's tokens come from: whoever needs one shares it, and never two ask at once. (To the issuer two that renew one enrolment would look like a thief and his victim.)
/// With a secret: RFC 6749 §4.4 client credentials, client authenticated by HTTP Basic (§2.3.1). Without: the enrolment in the state directory.
/// </summary>
/// <param name="key">The agent's, shown with each request; an enrolled one needs it.</param>
public sealed class TokenSource(AgentConfig config, HttpClient http, TimeProvider clock, AgentLog log, AgentKey? key = null) : IDisposable
{
    private const int LargestAnswer = 1024 * 1024;

    private readonly SemaphoreSlim asking = new(1, 1);
    private readonly AskIssuer issuer = new(http, clock, System.Security.Cryptography.RandomNumberGenerator.GetBytes);
    private volatile AccessToken? held;

    /// <summary>The token in hand, however old; null while there is none.</summary>
    public AccessToken? Held => held;

    /// <summary>The token in hand, or a new one when three quarters of its life are over.</summary>
    /// <exception cref="TokenRefusedException">The issuer refused.</exception>
    /// <exception cref="HttpRequestException">The issuer cannot be reached.</exception>
    /// <exception cref="ConfigException">The secret file or the enrolment cannot be read.</exception>
    public async Task<AccessToken> GetAsync(CancellationToken cancel)
    {
        await asking.WaitAsync(cancel);
        try
        {
            return held is { } good && clock.GetUtcNow() < good.RefreshAt ? good : held = await AskAsync(cancel);
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Somebody turned this token down: the next one is new, unless it already is.</summary>
    public void Forget(AccessToken refused) => Interlocked.CompareExchange(ref held, null, refused);

    /// <summary>
    /// An HTTP client that trusts what the broker connection trusts, goes the way it goes and waits for nobody longer than ten seconds. It follows nobody elsewhere, tokens in hand, and takes no
    /// answer larger than any there is.
    /// </summary>
    /// <param name="proxy">Null is straight out: a proxy that stands only in the environment is not used.</param>
    public static HttpClient Http(ServerTrust trust, ProxyConfig? proxy)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        if (proxy is not null) handler.ConnectCallback = (to, cancel) => WayOut.ToAsync(proxy, to.DnsEndPoint, cancel);
        handler.SslOptions.RemoteCertificateValidationCallback = trust.Believes;
        return new(handler) { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = LargestAnswer };
    }

    public void Dispose() => asking.Dispose();

    private async Task<AccessToken> AskAsync(CancellationToken cancel)
    {
        if (config.ClientId is not { } client)
            return await new RenewEnrolment(config, key ?? throw new ConfigException($"{config.StateDir}: the key of this agent cannot be had"), issuer, clock, log).AskAsync(cancel);
        // The file is read each time: a rotated secret needs no restart.
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(client)}:{Uri.EscapeDataString(ReadConfig.Secret(config))}"));
        // The key is shown with it: the first one is the agent's own from then on, and its batches are believed by it.
        return (await issuer.PostAsync(new(config.TokenUrl), key, [new("grant_type", "client_credentials")], cancel, $"Basic {login}")).Token(clock.GetUtcNow());
    }
}

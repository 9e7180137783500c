using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Proxying;

namespace Fleet.Agent.Publishing;

/// <summary>
/// The one place an agent's tokens come from: whoever needs one shares it, and never two ask at once.
/// RFC 6749 §4.4 client credentials, client authenticated by HTTP Basic (§2.3.1).
/// </summary>
public sealed class TokenSource(AgentConfig config, HttpClient http, TimeProvider clock) : IDisposable
{
    private readonly SemaphoreSlim asking = new(1, 1);
    private volatile AccessToken? held;

    private sealed record Answer(
        [property: JsonPropertyName("access_token")] string? AccessToken,
        [property: JsonPropertyName("expires_in")] int? ExpiresIn,
        [property: JsonPropertyName("error")] string? Error);

    /// <summary>The token in hand, or a new one when three quarters of its life are over.</summary>
    /// <exception cref="TokenRefusedException">The issuer refused.</exception>
    /// <exception cref="HttpRequestException">The issuer cannot be reached.</exception>
    /// <exception cref="ConfigException">The secret file cannot be read.</exception>
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

    /// <summary>An HTTP client that trusts what the broker connection trusts, goes the way it goes and waits for nobody longer than ten seconds.</summary>
    /// <param name="proxy">Null is straight out: a proxy that stands only in the environment is not used.</param>
    public static HttpClient Http(ServerTrust trust, ProxyConfig? proxy)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), UseProxy = false };
        if (proxy is not null) handler.ConnectCallback = (to, cancel) => WayOut.ToAsync(proxy, to.DnsEndPoint, cancel);
        handler.SslOptions.RemoteCertificateValidationCallback = trust.Believes;
        return new(handler) { Timeout = TimeSpan.FromSeconds(10) };
    }

    public void Dispose() => asking.Dispose();

    private async Task<AccessToken> AskAsync(CancellationToken cancel)
    {
        // The file is read each time: a rotated secret needs no restart.
        var login = $"{Uri.EscapeDataString(config.ClientId)}:{Uri.EscapeDataString(ReadConfig.Secret(config))}";
        using var request = new HttpRequestMessage(HttpMethod.Post, config.TokenUrl);
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        using var response = await SendAsync(request, cancel);
        var answer = Parse(await response.Content.ReadAsStringAsync(cancel));
        if (!response.IsSuccessStatusCode || answer?.AccessToken is not { Length: > 0 } token)
            throw new TokenRefusedException(response.StatusCode, answer?.Error ?? "without a token in its answer");
        var (now, life) = (clock.GetUtcNow(), TimeSpan.FromSeconds(Math.Max(answer.ExpiresIn ?? 60, 1)));
        return new(token, now + (life * 0.75), now + life);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        try
        {
            return await http.SendAsync(request, cancel);
        }
        catch (OperationCanceledException silent) when (!cancel.IsCancellationRequested)
        {
            // A timeout looks like a cancellation nobody asked for.
            throw new HttpRequestException("no answer", new TimeoutException($"within {http.Timeout.TotalSeconds:0} s", silent));
        }
    }

    private static Answer? Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Answer>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

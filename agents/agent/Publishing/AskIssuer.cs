using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Signing;

namespace Fleet.Agent.Publishing;

/// <summary>What the issuer says: RFC 6749 §5.1 and §5.2, RFC 8628 §3.2, and whom an enrolled agent was let in as.</summary>
internal sealed record IssuerAnswer(
    [property: JsonPropertyName("access_token")] string? AccessToken = null,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken = null,
    [property: JsonPropertyName("expires_in")] int? ExpiresIn = null,
    [property: JsonPropertyName("error")] string? Error = null,
    [property: JsonPropertyName("error_description")] string? Description = null,
    [property: JsonPropertyName("device_code")] string? DeviceCode = null,
    [property: JsonPropertyName("user_code")] string? UserCode = null,
    [property: JsonPropertyName("verification_uri")] string? VerificationUri = null,
    [property: JsonPropertyName("verification_uri_complete")] string? VerificationUriComplete = null,
    [property: JsonPropertyName("interval")] int? Interval = null,
    [property: JsonPropertyName("tenant")] string? Tenant = null,
    [property: JsonPropertyName("site")] string? Site = null,
    [property: JsonPropertyName("agent")] string? Agent = null)
{
    [JsonIgnore]
    public HttpStatusCode Status { get; init; }

    /// <summary>By how much this machine's clock is ahead of the issuer's; null when it did not say.</summary>
    [JsonIgnore]
    public TimeSpan? Ahead { get; init; }

    /// <exception cref="TokenRefusedException">It is none.</exception>
    public AccessToken Token(DateTimeOffset now)
    {
        if (Status != HttpStatusCode.OK || AccessToken is not { Length: > 0 } token) throw Refused();
        var life = TimeSpan.FromSeconds(Math.Max(ExpiresIn ?? 60, 1));
        return new(token, now, now + (life * 0.75), now + life);
    }

    public TokenRefusedException Refused() => new(Status, Error ?? "without a token in its answer", Clock() ?? Description);

    private string? Clock() => Error == "invalid_dpop_proof" && Ahead is { } ahead && ahead.Duration() > TimeSpan.FromSeconds(60)
        ? string.Create(CultureInfo.InvariantCulture, $"this machine's clock is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the server's: set it (timedatectl set-ntp true)")
        : null;
}

[JsonSerializable(typeof(IssuerAnswer))]
internal sealed partial class IssuerAnswerJson : JsonSerializerContext;

/// <summary>Posts forms to the issuer, with a proof of the agent's key where there is one to prove.</summary>
internal sealed class AskIssuer(HttpClient http, TimeProvider clock, Func<int, byte[]> fresh)
{
    /// <param name="prove">Null: no proof.</param>
    /// <exception cref="HttpRequestException">It cannot be reached.</exception>
    public async Task<IssuerAnswer> PostAsync(Uri address, AgentKey? prove, IEnumerable<KeyValuePair<string, string>> form, CancellationToken cancel, string? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        if (prove is not null) request.Headers.Add(Proof.Header, Proof.Of(prove, "POST", address, clock.GetUtcNow(), fresh(16)));
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        try
        {
            using var response = await http.SendAsync(request, cancel);
            return Parse(await response.Content.ReadAsStringAsync(cancel)) with { Status = response.StatusCode, Ahead = clock.GetUtcNow() - response.Headers.Date };
        }
        catch (OperationCanceledException silent) when (!cancel.IsCancellationRequested)
        {
            // A timeout looks like a cancellation nobody asked for.
            throw new HttpRequestException("no answer", new TimeoutException($"within {http.Timeout.TotalSeconds:0} s", silent));
        }
    }

    private static IssuerAnswer Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, IssuerAnswerJson.Default.IssuerAnswer) ?? new();
        }
        catch (JsonException)
        {
            return new();
        }
    }
}

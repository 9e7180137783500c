using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Identity.OAuth;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.SignIn;

/// <summary>Somebody, as the other issuer says.</summary>
/// <param name="Email">Null when it does not say, or says that it has not checked it.</param>
public sealed record Asserted(string Issuer, string Subject, string? Email);

/// <summary>
/// A provider of identities in place of our own sign-in (OpenID Connect Core, code flow with PKCE, nonce and the issuer in the answer): FLEET_OIDC_AUTHORITY, FLEET_OIDC_CLIENT_ID, FLEET_OIDC_CLIENT_SECRET_FILE (none: a public client),
/// FLEET_OIDC_EMAIL_CLAIM (<c>email</c>), FLEET_OIDC_SCOPE (<c>openid email</c>). It is to know <c>{public address}/oauth/callback</c>.
/// </summary>
public sealed class OtherIssuer : IDisposable
{
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Skew = TimeSpan.FromMinutes(1);

    private readonly string _client, _scope, _emailClaim, _callback;
    private readonly string? _secret;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http = new() { Timeout = Patience, MaxResponseContentBufferSize = 1024 * 1024 };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> _metadata;
    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };

    private OtherIssuer(Uri authority, IConfiguration settings, TimeProvider clock)
    {
        _client = settings["FLEET_OIDC_CLIENT_ID"] ?? throw new InvalidOperationException("FLEET_OIDC_AUTHORITY is set, and FLEET_OIDC_CLIENT_ID is not");
        _secret = settings["FLEET_OIDC_CLIENT_SECRET_FILE"] is { Length: > 0 } file ? File.ReadAllText(file).Trim() : null;
        _scope = settings["FLEET_OIDC_SCOPE"] ?? "openid email";
        _emailClaim = settings["FLEET_OIDC_EMAIL_CLAIM"] ?? "email";
        _callback = Origins.Of(settings).Public + CallbackPage.Path;
        _clock = clock;
        _metadata = new(authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration", new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(_http) { RequireHttps = !authority.IsLoopback })
        {
            RefreshInterval = TimeSpan.FromSeconds(5), // how soon a key nobody knew is asked for again
        };
    }

    /// <summary>Null: people sign in here.</summary>
    public static OtherIssuer? Open(IConfiguration settings, TimeProvider clock) =>
        settings["FLEET_OIDC_AUTHORITY"] is not { Length: > 0 } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var authority) && (authority.Scheme == Uri.UriSchemeHttps || authority.IsLoopback) ? new(authority, settings, clock)
        : throw new InvalidOperationException($"FLEET_OIDC_AUTHORITY is '{text}'; it must be an https address");

    public async Task<string> AddressAsync(Trip trip, string? loginHint, string? prompt, CancellationToken cancel)
    {
        var metadata = await _metadata.GetConfigurationAsync(cancel);
        return QueryHelpers.AddQueryString(metadata.AuthorizationEndpoint, new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = _client,
            ["redirect_uri"] = _callback,
            ["scope"] = _scope,
            ["state"] = trip.State,
            ["nonce"] = trip.Nonce,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(trip.Verifier))),
            ["code_challenge_method"] = "S256",
            ["login_hint"] = loginHint,
            ["prompt"] = prompt,
        }.Where(one => one.Value is not null).ToDictionary());
    }

    /// <summary>Whether an answer is of this issuer (RFC 9207): one that says so in its metadata must say so in the answer, and nobody may say another's name.</summary>
    public async Task<bool> SaidAsync(string? issuer, CancellationToken cancel)
    {
        var metadata = await _metadata.GetConfigurationAsync(cancel);
        return issuer is null ? !metadata.AuthorizationResponseIssParameterSupported : issuer == metadata.Issuer;
    }

    /// <summary>Null when the code gives no ID token that holds; the reason is for the log.</summary>
    public async Task<(Asserted? Who, string? Reason)> RedeemAsync(string code, Trip trip, CancellationToken cancel)
    {
        var metadata = await _metadata.GetConfigurationAsync(cancel);
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = _callback, ["code_verifier"] = trip.Verifier };
        using var request = new HttpRequestMessage(HttpMethod.Post, metadata.TokenEndpoint);
        if (_secret is null)
            form["client_id"] = _client;
        else
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(_client)}:{Uri.EscapeDataString(_secret)}")));
        request.Content = new FormUrlEncodedContent(form);
        using var answer = await _http.SendAsync(request, cancel);
        if (!answer.IsSuccessStatusCode)
            return (null, $"the token endpoint answers {(int)answer.StatusCode}");
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
        return body.RootElement.TryGetProperty("id_token", out var token) && token.GetString() is { } text ? await CheckAsync(text, trip, cancel) : (null, "the token endpoint gives no id_token");
    }

    private async Task<(Asserted? Who, string? Reason)> CheckAsync(string text, Trip trip, CancellationToken cancel)
    {
        var held = await ValidateAsync(text, cancel);
        if (held is { IsValid: false, Exception: SecurityTokenSignatureKeyNotFoundException })
        {
            _metadata.RequestRefresh();
            held = await ValidateAsync(text, cancel);
        }
        if (!held.IsValid)
            return (null, $"the id_token does not hold: {held.Exception.GetType().Name}");
        var token = (JsonWebToken)held.SecurityToken;
        string? Said(string claim) => token.TryGetPayloadValue<string>(claim, out var value) ? value : null;
        if (Said("nonce") != trip.Nonce)
            return (null, "the id_token is of another sign-in (nonce)");
        if (token.Audiences.Skip(1).Any() && Said("azp") != _client)
            return (null, "the id_token is another client's (azp)");
        if (token.Subject is not { Length: > 0 } subject)
            return (null, "the id_token has no subject");
        // Some say so in a text.
        var isUnchecked = token.TryGetPayloadValue<object>("email_verified", out var verified) && !string.Equals(verified?.ToString(), "true", StringComparison.OrdinalIgnoreCase);
        return (new(token.Issuer, subject, isUnchecked ? null : Said(_emailClaim)), null);
    }

    private async Task<TokenValidationResult> ValidateAsync(string text, CancellationToken cancel)
    {
        var metadata = await _metadata.GetConfigurationAsync(cancel);
        return await _tokens.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = metadata.Issuer,
            ValidAudience = _client,
            IssuerSigningKeys = metadata.SigningKeys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => until is { } end && _clock.GetUtcNow() < end + Skew && (from is null || _clock.GetUtcNow() > from - Skew),
        });
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What is remembered of a browser while it is at the other issuer: sealed, in a cookie of its own, so that another browser's answer is not for this one (RFC 6749 §10.12).</summary>
public sealed record Trip(string State, string Nonce, string Verifier, string Back, DateTimeOffset Until)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public string Write() => JsonSerializer.Serialize(this);

    public static Trip? Read(string? text) => text is null ? null : JsonSerializer.Deserialize<Trip>(text);
}

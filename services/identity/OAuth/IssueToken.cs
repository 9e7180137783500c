// POST /oauth/token -> Grants -> Decide -> signed access token (an agent's control queue is there then)
using System.Text.Json.Serialization;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Integration.V1;
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.Clients;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Fleet.Identity.OAuth;

/// <summary>What a token will say of its bearer (RFC 9068 §2.2).</summary>
/// <param name="Scope">Rights of the API; for agents and integrators of the broker too.</param>
/// <param name="Purposes">Of an integrator: all that it may use anybody's data for; null: not bounded.</param>
/// <param name="Session">Of a person: the sign-in it came of.</param>
public sealed record Claims(
    string Subject, string ClientId, string Role, IReadOnlyList<string> Tenants, string? Provider, string? Site,
    IReadOnlyList<string> Audiences, IReadOnlyList<string> Scope, string? Session = null, IReadOnlyList<string>? Purposes = null);

public static class IssueToken
{
    /// <param name="customers">All tenants of the client's provider, now.</param>
    /// <param name="virtualHost">The broker's, for agents and integrators.</param>
    public static (Claims? Claims, TokenError? Error) Decide(TokenRequest request, Standing standing, IReadOnlyList<string> customers, string virtualHost)
    {
        var atBroker = AtBroker(request, standing, virtualHost);
        string[] allowed = [.. atBroker, .. Rights.ScopeOf(standing.Role).Split(' ')];
        if (request.Scope?.FirstOrDefault(asked => !allowed.Contains(asked)) is { } tooMuch)
            return (null, TokenError.InvalidScope($"'{tooMuch}' is not this client's to have; it may have: {string.Join(' ', allowed)}"));

        return (new(
            standing.Agent ?? request.ClientId, request.ClientId, standing.Role,
            standing.Tenant is { } own ? [own] : customers, standing.Provider, standing.Site,
            atBroker.Length > 0 ? ["fleet", EdgeAccess.Audience] : ["fleet"],
            request.Scope ?? allowed, Purposes: standing.Role == Rights.Integrator ? (standing.Purposes ?? Purposes.FleetManagement).Split(' ') : null), null);
    }

    // People do not log in there. An integrator's id that is no slug could reach into another's queues: it has none.
    private static string[] AtBroker(TokenRequest request, Standing standing, string virtualHost) => standing switch
    {
        { Role: ClientRoles.Agent, Tenant: { } tenant, Site: { } site } => EdgeAccess.Scope(virtualHost, tenant, site, standing.Agent ?? request.ClientId).Split(' '),
        { Role: Rights.Integrator } when Slug.Holds(request.ClientId) => [SubscriptionAccess.Scope(virtualHost, request.ClientId)],
        _ => [],
    };
}

/// <summary>RFC 6749 §4.1.3, §4.4.2 and §6, RFC 8628 §3.4. Agents come with a header <c>DPoP</c> (RFC 9449).</summary>
/// <param name="GrantType"><c>authorization_code</c>, <c>client_credentials</c>, <c>urn:ietf:params:oauth:grant-type:device_code</c> or <c>refresh_token</c>.</param>
/// <param name="Scope">Rights, blank between them; left out: all the client may have.</param>
/// <param name="ClientId">Unless the client authenticates by HTTP Basic; <c>fleet-agent</c> for an enrolled agent, its own for a public client.</param>
/// <param name="ClientSecret">Together with <c>client_id</c>, for <c>client_credentials</c>.</param>
/// <param name="ClientAssertionType"><c>urn:ietf:params:oauth:client-assertion-type:jwt-bearer</c>, with <paramref name="ClientAssertion"/>.</param>
/// <param name="ClientAssertion">Instead of a secret: a JWT signed with the client's own key (RFC 7523 §2.2), <c>aud</c> the issuer alone.</param>
/// <param name="DeviceCode">What <c>/oauth/device_authorization</c> gave.</param>
/// <param name="RefreshToken">The newest one.</param>
/// <param name="Code">What came back to <paramref name="RedirectUri"/>; good once, for a minute.</param>
/// <param name="CodeVerifier">Of which the code challenge is the S256 (RFC 7636).</param>
public sealed record TokenForm(
    [property: JsonPropertyName("grant_type")] string GrantType,
    [property: JsonPropertyName("scope")] string? Scope = null,
    [property: JsonPropertyName("client_id")] string? ClientId = null,
    [property: JsonPropertyName("client_secret")] string? ClientSecret = null,
    [property: JsonPropertyName("client_assertion_type")] string? ClientAssertionType = null,
    [property: JsonPropertyName("client_assertion")] string? ClientAssertion = null,
    [property: JsonPropertyName("device_code")] string? DeviceCode = null,
    [property: JsonPropertyName("refresh_token")] string? RefreshToken = null,
    [property: JsonPropertyName("code")] string? Code = null,
    [property: JsonPropertyName("redirect_uri")] string? RedirectUri = null,
    [property: JsonPropertyName("code_verifier")] string? CodeVerifier = null);

/// <summary>RFC 6749 §5.1.</summary>
/// <param name="AccessToken">A signed JWT (RFC 9068).</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Scope">The rights it carries, blank between them.</param>
/// <param name="RefreshToken">Shown once, for the next tokens; by an enrolled agent with a proof of the same key.</param>
/// <param name="IdToken">Of a person, when the scope has <c>openid</c> (OpenID Connect Core §2).</param>
/// <param name="Tenant">Of an enrolled agent, as <paramref name="Site"/> and <paramref name="Agent"/>: what it was let in as.</param>
public sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("scope")] string Scope,
    [property: JsonPropertyName("refresh_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null,
    [property: JsonPropertyName("tenant"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Tenant = null,
    [property: JsonPropertyName("site"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Site = null,
    [property: JsonPropertyName("agent"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Agent = null,
    [property: JsonPropertyName("id_token"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IdToken = null);

public static class IssueTokenRoute
{
    public const string Path = "/oauth/token";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module, PersonKeys people, KeyRing keys)
    {
        var issuer = module.Settings["FLEET_ISSUER"]!;
        var tokens = new AccessTokens(issuer, keys, module.Clock);
        var idTokens = new IdTokens(issuer, keys, module.Clock);
        var virtualHost = module.Settings["FLEET_RABBITMQ_VHOST"] ?? "fleet";
        var controlQueues = new ControlQueues(module, virtualHost);
        var grants = new Grants(module, virtualHost, people);
        var log = module.Logs.CreateLogger("Fleet.Identity.OAuth");

        app.MapPost(Path, async (HttpContext http, CancellationToken cancel) =>
        {
            OAuthAnswer.NotToBeKept(http);
            var (granted, error) = await grants.AnswerAsync(http.Request, cancel);
            if (granted is null)
            {
                log.LogInformation("No token: {Error}, {Description}", error!.Error, error.Description);
                return error.ToResult(http);
            }
            var (claims, refresh, who) = granted;
            if (claims is { Site: not null, Tenants: [var tenant] })
                await controlQueues.EnsureAsync(tenant, claims.Subject, cancel);
            var answer = new TokenAnswer(tokens.Sign(claims), "Bearer", (int)AccessTokens.Life.TotalSeconds, string.Join(' ', claims.Scope));
            return Results.Json(claims.Site is null || refresh is null
                ? answer with { RefreshToken = refresh, IdToken = who is null ? null : idTokens.Sign(claims, who) }
                : answer with { RefreshToken = refresh, Tenant = claims.Tenants[0], Site = claims.Site, Agent = claims.Subject });
        })
        .DisableAntiforgery().ReadsForm<TokenForm>()
        .WithName("IssueToken").WithSummary("An access token for a person or a client (RFC 6749 §4.1, §4.4, §6; RFC 8628 §3.4)")
        .WithDescription("The client authenticates by HTTP Basic or by `client_id` and `client_secret` in the form, or by `client_assertion` (`private_key_jwt`), not by two of them. A public client, which people sign in through, names itself by `client_id` alone. An enrolled agent is the public client `fleet-agent` and shows its key in the header `DPoP` (RFC 9449).")
        .Produces<TokenAnswer>().Produces<TokenError>(StatusCodes.Status400BadRequest)
        .Produces<TokenError>(StatusCodes.Status401Unauthorized).Produces<TokenError>(StatusCodes.Status421MisdirectedRequest)
        .Produces<TokenError>(StatusCodes.Status429TooManyRequests).Produces<TokenError>(StatusCodes.Status503ServiceUnavailable);
    }
}

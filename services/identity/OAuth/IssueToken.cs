// POST /oauth/token -> client/{id}, provider/{id} -> Decide -> signed access token (an agent's control queue is there then). Nothing is stored.
using System.Text.Json.Serialization;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.Clients;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;

namespace Fleet.Identity.OAuth;

/// <summary>What a token will say of its bearer (RFC 9068 §2.2).</summary>
/// <param name="Scope">Rights of the API; for agents of the broker too.</param>
public sealed record Claims(
    string Subject, string ClientId, string Role, IReadOnlyList<string> Tenants, string? Provider, string? Site,
    IReadOnlyList<string> Audiences, IReadOnlyList<string> Scope);

public static class IssueToken
{
    /// <param name="customers">All tenants of the client's provider, now.</param>
    /// <param name="virtualHost">The broker's, for agents.</param>
    public static (Claims? Claims, TokenError? Error) Decide(TokenRequest request, Standing standing, IReadOnlyList<string> customers, string virtualHost)
    {
        string[] allowed = standing is { Role: ClientRoles.Agent, Tenant: { } tenant, Site: { } site }
            ? [.. EdgeAccess.Scope(virtualHost, tenant, site).Split(' '), .. Rights.ScopeOf(standing.Role).Split(' ')]
            : Rights.ScopeOf(standing.Role).Split(' ');
        if (request.Scope?.FirstOrDefault(asked => !allowed.Contains(asked)) is { } tooMuch)
            return (null, TokenError.InvalidScope($"'{tooMuch}' is not this client's to have; it may have: {string.Join(' ', allowed)}"));

        return (new(
            standing.Agent ?? request.ClientId, request.ClientId, standing.Role,
            standing.Tenant is { } own ? [own] : customers, standing.Provider, standing.Site,
            standing.Role == ClientRoles.Agent ? ["fleet", EdgeAccess.Audience] : ["fleet"],
            request.Scope ?? allowed), null);
    }
}

/// <summary>RFC 6749 §4.4.2; read field by field in <see cref="TokenRequest"/>.</summary>
/// <param name="GrantType">Always <c>client_credentials</c>.</param>
/// <param name="Scope">Rights, blank between them; left out: all the client may have.</param>
/// <param name="ClientId">Unless the client authenticates by HTTP Basic.</param>
/// <param name="ClientSecret">Together with <c>client_id</c>.</param>
public sealed record TokenForm(
    [property: JsonPropertyName("grant_type")] string GrantType,
    [property: JsonPropertyName("scope")] string? Scope = null,
    [property: JsonPropertyName("client_id")] string? ClientId = null,
    [property: JsonPropertyName("client_secret")] string? ClientSecret = null);

/// <summary>RFC 6749 §5.1.</summary>
/// <param name="AccessToken">A signed JWT (RFC 9068).</param>
/// <param name="TokenType">Always <c>Bearer</c>.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Scope">The rights it carries, blank between them.</param>
public sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("scope")] string Scope);

public static class IssueTokenRoute
{
    private const int LargestForm = 16 * 1024;

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var tokens = new AccessTokens(module.Settings["FLEET_ISSUER"]!, Es256Key.Open(module.Settings, "FLEET_IDENTITY_KEY"), module.Clock);
        var lockOut = new LockOut(module.Clock);
        var virtualHost = module.Settings["FLEET_RABBITMQ_VHOST"] ?? "fleet";
        var controlQueues = new ControlQueues(module, virtualHost);
        var log = module.Logs.CreateLogger("Fleet.Identity.OAuth");

        app.MapPost("/oauth/token", async (HttpContext http, CancellationToken cancel) =>
        {
            var (claims, error) = await AnswerAsync(http.Request, module, lockOut, virtualHost, cancel);
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers.Pragma = "no-cache";
            if (claims is { Site: { } site, Tenants: [var tenant] })
                await controlQueues.EnsureAsync(tenant, site, cancel);
            if (claims is not null)
                return Results.Json(new TokenAnswer(tokens.Sign(claims), "Bearer", (int)AccessTokens.Life.TotalSeconds, string.Join(' ', claims.Scope)));

            log.LogInformation("No token: {Error}, {Description}", error!.Error, error.Description);
            if (error.Status == StatusCodes.Status401Unauthorized)
                http.Response.Headers.WWWAuthenticate = "Basic realm=\"fleet\"";
            if (error.RetryAfter is { } seconds)
                http.Response.Headers.RetryAfter = $"{seconds}";
            return Results.Json(error, statusCode: error.Status);
        })
        .DisableAntiforgery().ReadsForm<TokenForm>()
        .WithName("IssueToken").WithSummary("An access token for a client (RFC 6749 §4.4)")
        .WithDescription("The client authenticates by HTTP Basic or by `client_id` and `client_secret` in the form, not by both.")
        .Produces<TokenAnswer>().Produces<TokenError>(StatusCodes.Status400BadRequest)
        .Produces<TokenError>(StatusCodes.Status401Unauthorized).Produces<TokenError>(StatusCodes.Status429TooManyRequests);
    }

    private static async Task<(Claims? Claims, TokenError? Error)> AnswerAsync(
        HttpRequest http, ModuleContext module, LockOut lockOut, string virtualHost, CancellationToken cancel)
    {
        if (!MediaTypeHeaderValue.TryParse(http.ContentType, out var type) || type.MediaType != "application/x-www-form-urlencoded" || http.ContentLength is > LargestForm)
            return (null, TokenError.InvalidRequest("The body is to be a short application/x-www-form-urlencoded form."));
        var form = (await http.ReadFormAsync(cancel)).ToDictionary(field => field.Key, field => (IReadOnlyList<string>)[.. field.Value.OfType<string>()]);
        var (request, error) = TokenRequest.Read(http.Headers.Authorization is [var header, ..] ? header : null, form);
        if (request is null)
            return (null, error);

        if (lockOut.Wait(request.ClientId) is { } wait)
            return (null, TokenError.TooManyFailures((int)Math.Ceiling(wait.TotalSeconds)));
        await using var session = module.Store.LightweightSession(StoreTenants.Platform);
        var client = (await session.Events.FetchForWriting<Client>(Client.Key(request.ClientId), cancel)).Aggregate;
        var hash = (client.SecretHash is { } text ? SecretHash.Parse(text) : null) ?? SecretHash.OfNobody;
        if (!hash.Matches(request.Secret) || client is not { Standing: { } standing, IsDisabled: false })
        {
            lockOut.Failed(request.ClientId);
            return (null, TokenError.Unauthenticated);
        }
        lockOut.Succeeded(request.ClientId);
        var customers = standing.Provider is { } provider ? await Customers.OfAsync(module, provider, cancel) : [];
        return IssueToken.Decide(request, standing, customers, virtualHost);
    }
}

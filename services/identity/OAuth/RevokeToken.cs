// POST /oauth/revoke -> stream agent/{id} (RFC 7009)
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 7009 §2.1.</summary>
/// <param name="Token">A refresh token; access tokens end by themselves within 20 minutes.</param>
/// <param name="ClientId">Always <c>fleet-agent</c>.</param>
/// <param name="TokenTypeHint">Not needed.</param>
public sealed record RevocationForm(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("token_type_hint")] string? TokenTypeHint = null);

/// <summary>RFC 7009 §2.2: there is nothing to say, whatever the token was.</summary>
public sealed record Revocation;

/// <summary>An agent signs itself out. Who holds its token may do so without the key: a stolen token can end an enrolment, never use it.</summary>
public static class RevokeToken
{
    public const string Path = "/oauth/revoke";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost(Path, async (HttpContext http, CancellationToken cancel) =>
        {
            OAuthAnswer.NotToBeKept(http);
            var (form, wrong) = await OAuthForm.ReadAsync(http.Request, cancel);
            if (form is null)
                return wrong!.ToResult(http);
            if (form.Field("client_id") != AgentClient.Id)
                return AgentClient.Unknown.ToResult(http);
            if (form.Field("token") is not { } text)
                return TokenError.InvalidRequest("'token' is missing.").ToResult(http);
            // A token that is none, any more or ever, is as revoked as can be (§2.2).
            if (RefreshToken.Read(text) is { } token)
                await module.DecideAsync<Agent, AgentEvent>(token.Tenant, Agent.StreamKey(token.Agent), agent => token.Hash == agent.Refresh || token.Hash == agent.Before
                    ? RevokeAgent.Decide(token.Agent, "signed-out", token.Agent, agent, module.Clock.GetUtcNow())
                    : Decision<AgentEvent>.Nothing, cancel);
            return Results.Json(new Revocation());
        })
        .DisableAntiforgery().ReadsForm<RevocationForm>()
        .WithName("RevokeToken").WithSummary("Ends an agent's enrolment by its refresh token (RFC 7009)")
        .Produces<Revocation>().Produces<TokenError>(StatusCodes.Status400BadRequest).Produces<TokenError>(StatusCodes.Status401Unauthorized);
}

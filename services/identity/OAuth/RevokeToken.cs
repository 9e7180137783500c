// POST /oauth/revoke -> stream agent/{id} or person/{id} (RFC 7009)
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 7009 §2.1.</summary>
/// <param name="Token">A refresh token; access tokens end by themselves within 20 minutes.</param>
/// <param name="ClientId"><c>fleet-agent</c>, or the public client's own.</param>
/// <param name="TokenTypeHint">Not needed.</param>
public sealed record RevocationForm(
    [property: JsonPropertyName("token")] string Token,
    [property: JsonPropertyName("client_id")] string ClientId,
    [property: JsonPropertyName("token_type_hint")] string? TokenTypeHint = null);

/// <summary>RFC 7009 §2.2: there is nothing to say, whatever the token was.</summary>
public sealed record Revocation;

/// <summary>An agent signs itself out, or a person's client the person. Who holds an agent's token may do so without the key: a stolen token can end an enrolment, never use it.</summary>
public static class RevokeToken
{
    public const string Path = "/oauth/revoke";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module, PersonKeys people)
    {
        var regions = new TenantRegions(module);
        app.MapPost(Path, async (HttpContext http, CancellationToken cancel) =>
        {
            OAuthAnswer.NotToBeKept(http);
            var (form, wrong) = await OAuthForm.ReadAsync(http.Request, cancel);
            if (form is null)
                return wrong!.ToResult(http);
            if (form.Field("client_id") is not { } client || (client != AgentClient.Id && !await PublicClients.KnowAsync(module, client, cancel)))
                return PublicClients.Unknown.ToResult(http);
            if (form.Field("token") is not { } text)
                return TokenError.InvalidRequest("'token' is missing.").ToResult(http);
            // Where the tenant is going it counts (RFC 7009 §2.2.1: 503, and the client must assume that the token still exists).
            if (client == AgentClient.Id && RefreshToken.Read(text) is { } held && await regions.ElsewhereAsync(held.Tenant, cancel) is { } elsewhere)
                return elsewhere.ToResult(http);
            // A token that is none, any more or ever, or is another client's, is as revoked as can be (§2.2).
            await (client == AgentClient.Id ? OfAgentAsync(module, text, cancel) : OfPersonAsync(module, people, client, text, cancel));
            return Results.Json(new Revocation());
        })
        .DisableAntiforgery().ReadsForm<RevocationForm>()
        .WithName("RevokeToken").WithSummary("Ends an agent's enrolment, or what a client holds of a person, by the refresh token (RFC 7009)")
        .Produces<Revocation>().Produces<TokenError>(StatusCodes.Status400BadRequest).Produces<TokenError>(StatusCodes.Status401Unauthorized)
        .Produces<TokenError>(StatusCodes.Status421MisdirectedRequest).Produces<TokenError>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task OfAgentAsync(ModuleContext module, string text, CancellationToken cancel)
    {
        if (RefreshToken.Read(text) is { } token)
            await module.DecideAsync<Agent, AgentEvent>(token.Tenant, Agent.StreamKey(token.Agent), agent => token.Hash == agent.Refresh || token.Hash == agent.Before
                ? RevokeAgent.Decide(token.Agent, "signed-out", token.Agent, agent, module.Clock.GetUtcNow())
                : Decision<AgentEvent>.Nothing, cancel);
    }

    // Any token of the line ends it: who shows a replaced one knows something is wrong, too.
    private static async Task OfPersonAsync(ModuleContext module, PersonKeys people, string client, string text, CancellationToken cancel)
    {
        if (BearerSecret.Read(text) is { } token && await people.ByIdAsync(token.Person, cancel) is { } known)
            await module.DecideAsync<Person, PersonEvent>(known.Home.StoreTenant, known.Stream, person => person.Grants.TryGetValue(token.Subject, out var grant) && grant.Client == client
                ? new PersonEvent.GrantEnded(token.Subject, "signed-out", module.Clock.GetUtcNow())
                : Decision<PersonEvent>.Nothing, cancel);
    }
}

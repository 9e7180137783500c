// agent's token -> HoldSite -> standing consents -> Decide -> signed grant. GET /api/v1/tenants/{t}/sites/{site}/grant, GET /.well-known/fleet-grant-keys
using System.ComponentModel;
using System.Text.Json;
using Fleet.Consent.Consents;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Fleet.Consent.Grants;

/// <summary>What an agent may ask, signed.</summary>
/// <param name="Grant">JWS in compact form; its payload is an <see cref="EdgeGrant"/>.</param>
/// <param name="Since">When this agent took the site.</param>
/// <param name="AnotherWaits">Another agent is at this site and takes over when this one no longer asks for its grant.</param>
public sealed record GrantAnswer(string Grant, DateTimeOffset Since, bool AnotherWaits);

public static class IssueGrant
{
    /// <summary>How long a site that cannot be reached goes on under consents that may have been withdrawn meanwhile.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <param name="id">Random part of its id.</param>
    public static EdgeGrant Decide(StandingConsents consents, string issuer, string agent, string site, Guid id, DateTimeOffset now)
    {
        var purposes = Standing(consents.Purposes, now);
        // Data nobody has a purpose for is not collected, whatever groups were ticked.
        var groups = purposes.Count > 0 ? Standing(consents.FieldGroups, now) : [];
        return new($"{consents.Version}-{id:n}", issuer, agent, consents.TenantId, site, purposes, groups, now.ToUnixTimeSeconds(), (now + Life).ToUnixTimeSeconds());
    }

    private static IReadOnlyList<string> Standing(IReadOnlyList<Span> spans, DateTimeOffset now) =>
        [.. spans.Where(span => span.Stands && span.From <= now).Select(span => span.Name).Distinct()];
}

public static class IssueGrantRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var key = Es256Key.Open(module.Settings, "FLEET_CONSENT_KEY");
        var issuer = module.Settings["FLEET_ISSUER"]!;
        var handler = new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false };

        app.MapGet("/api/v1/tenants/{t}/sites/{site}/grant", async (string t, [Description("The site's id, a slug: `hq`.")] string site, Caller caller, HttpContext http, CancellationToken cancel) =>
        {
            if (caller.Site != site)
                return Refusal.Unknown("unknown-site", $"There is no site '{site}' that this token may see.").ToResult();
            var now = module.Clock.GetUtcNow();
            http.Response.Headers.CacheControl = "no-store";
            var hold = await SiteAgents.AskAsync(module, t, site, caller.Id, now, cancel);
            if (hold.Agent != caller.Id)
                return Held(hold, site, now);
            var grant = IssueGrant.Decide(await Consents.Consents.StandingAsync(module, t, cancel), issuer, caller.Id, site, Guid.CreateVersion7(now), now);
            return Results.Ok(new GrantAnswer(handler.CreateToken(
                JsonSerializer.Serialize(grant), key.Signing, new Dictionary<string, object> { ["typ"] = EdgeGrant.Type }), hold.Since, hold.IsWaitedFor(now)));
        })
        .Requires(Right.ReadGrant).WithName("GetGrant").WithSummary("The signed grant of the agent that asks: what it may ask its devices, and until when")
        .WithDescription("One agent of a site has it at a time: the one that goes on asking for it. Any other is told `site-held` (409), by whom and for how long, and gets it when that one has been silent for 70 s.")
        .Produces<GrantAnswer>().ProducesProblem(StatusCodes.Status409Conflict);

        app.MapGet(EdgeGrant.KeysPath, (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = KeySet.Keepable;
            return Results.Json(key.Published);
        })
        .WithName("GetGrantKeys").WithSummary("The public keys grants are signed with (RFC 7517)").Produces<KeySet>();
    }

    private static IResult Held(SiteHold hold, string site, DateTimeOffset now) =>
        Refusal.Conflict(EdgeGrant.SiteHeld, $"Agent '{hold.Agent}' reports from site '{site}'; this one takes over when it falls silent.")
            .ToResult(new Dictionary<string, object?> { ["agent"] = hold.Agent, ["heldSeconds"] = (now - hold.Since).TotalSeconds });
}

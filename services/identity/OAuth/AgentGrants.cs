// POST /oauth/token of fleet-agent, with a proof of its key -> RedeemEnrolment | RenewTokens -> IssueToken
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.Enrolments;
using Fleet.Identity.Proofs;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 8628 §3.4 and RFC 6749 §6, both with RFC 9449: an enrolled agent.</summary>
internal sealed class AgentGrants(ModuleContext module, string virtualHost)
{
    private readonly SeenProofs _seen = new(module);
    private readonly TenantRegions _regions = new(module);
    private readonly PollPace _pace = new(module.Clock);
    private readonly IReadOnlyList<string> _addresses = Origins.Of(module.Settings).At(IssueTokenRoute.Path);

    public async Task<(Granted? Granted, TokenError? Error)> AnswerAsync(HttpRequest http, OAuthForm form, CancellationToken cancel)
    {
        if (form.Field("client_id") != AgentClient.Id)
            return (null, AgentClient.Unknown);
        if (RefreshToken.Read(form.Field("refresh_token")) is { } held && await _regions.ElsewhereAsync(held.Tenant, cancel) is { } elsewhere)
            return (null, elsewhere);
        var (proof, untrue) = await CheckProof.OfAsync(http.Headers[CheckProof.Header], http.Method, _addresses, module.Clock.GetUtcNow());
        if (proof is null)
            return (null, untrue);
        var (tokens, error) = form.Field("grant_type") == AgentClient.DeviceCode
            ? await RedeemEnrolmentGrant.AnswerAsync(module, _seen, _pace, form, proof, cancel)
            : await RenewTokensGrant.AnswerAsync(module, _seen, form, proof, cancel);
        if (tokens is null)
            return (null, error);
        var (claims, no) = IssueToken.Decide(new(tokens.Login, "", TokenRequest.ScopeOf(form)), tokens.Standing, [], virtualHost);
        return claims is null ? (null, no) : (new(claims, tokens.Refresh), null);
    }
}

// POST /oauth/token -> by grant_type: client/{id}, provider/{id} | enrolment/{hash} | agent/{id} -> who gets which token
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.Clients;
using Fleet.Identity.Enrolments;
using Fleet.Identity.Proofs;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <param name="Refresh">For an enrolled agent: its next refresh token.</param>
public sealed record Granted(Claims Claims, string? Refresh = null);

/// <summary>The grant types, one method each.</summary>
internal sealed class Grants(ModuleContext module, string virtualHost)
{
    private readonly LockOut _lockOut = new(module.Clock);
    private readonly SeenProofs _seen = new(module);
    private readonly PollPace _pace = new(module.Clock);
    private readonly IReadOnlyList<string> _addresses = Origins.Of(module.Settings).At(IssueTokenRoute.Path);

    public async Task<(Granted? Granted, TokenError? Error)> AnswerAsync(HttpRequest http, CancellationToken cancel)
    {
        var (form, wrong) = await OAuthForm.ReadAsync(http, cancel);
        if (form is null)
            return (null, wrong);
        var grant = form.Field("grant_type");
        if (grant is not (AgentClient.DeviceCode or AgentClient.RefreshToken))
            return await ClientCredentialsAsync(http, form, cancel);

        if (form.Field("client_id") != AgentClient.Id)
            return (null, AgentClient.Unknown);
        var (proof, untrue) = await CheckProof.OfAsync(http.Headers[CheckProof.Header], http.Method, _addresses, module.Clock.GetUtcNow());
        if (proof is null)
            return (null, untrue);
        var (tokens, error) = grant == AgentClient.DeviceCode
            ? await RedeemEnrolmentGrant.AnswerAsync(module, _seen, _pace, form, proof, cancel)
            : await RenewTokensGrant.AnswerAsync(module, _seen, form, proof, cancel);
        return tokens is null ? (null, error) : Decide(new(AgentClient.Id, "", TokenRequest.ScopeOf(form)), tokens.Standing, [], tokens.Refresh);
    }

    private async Task<(Granted? Granted, TokenError? Error)> ClientCredentialsAsync(HttpRequest http, OAuthForm form, CancellationToken cancel)
    {
        var (request, error) = TokenRequest.Read(http.Headers.Authorization is [var header, ..] ? header : null, form.Fields);
        if (request is null)
            return (null, error);
        if (_lockOut.Wait(request.ClientId) is { } wait)
            return (null, TokenError.TooManyFailures((int)Math.Ceiling(wait.TotalSeconds)));
        await using var session = module.Store.LightweightSession(StoreTenants.Platform);
        var client = (await session.Events.FetchForWriting<Client>(Client.Key(request.ClientId), cancel)).Aggregate;
        var hash = (client.SecretHash is { } text ? SecretHash.Parse(text) : null) ?? SecretHash.OfNobody;
        if (!hash.Matches(request.Secret) || client is not { Standing: { } standing, IsDisabled: false })
        {
            _lockOut.Failed(request.ClientId);
            return (null, TokenError.Unauthenticated);
        }
        _lockOut.Succeeded(request.ClientId);
        var customers = standing.Provider is { } provider ? await Customers.OfAsync(module, provider, cancel) : [];
        return Decide(request, standing, customers, refresh: null);
    }

    private (Granted? Granted, TokenError? Error) Decide(TokenRequest request, Standing standing, IReadOnlyList<string> customers, string? refresh)
    {
        var (claims, error) = IssueToken.Decide(request, standing, customers, virtualHost);
        return (claims is null ? null : new(claims, refresh), error);
    }
}

// POST /oauth/token, client_credentials -> streams client/{id}, provider/{id} -> IssueToken
using Fleet.Defaults;
using Fleet.Identity.Clients;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 6749 §4.4: a program with a secret of its own.</summary>
internal sealed class ClientCredentialsGrant(ModuleContext module, string virtualHost)
{
    private readonly TenantRegions _regions = new(module);
    private readonly LockOut _lockOut = new(module.Clock);

    public async Task<(Granted? Granted, TokenError? Error)> AnswerAsync(HttpRequest http, OAuthForm form, CancellationToken cancel)
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
        if (standing.Tenant is { } tenant && await _regions.ElsewhereAsync(tenant, cancel) is { } elsewhere)
            return (null, elsewhere);
        var customers = standing.Provider is { } provider ? await Customers.OfAsync(module, provider, cancel) : [];
        var (claims, no) = IssueToken.Decide(request, standing, customers, virtualHost);
        return claims is null ? (null, no) : (new(claims), null);
    }
}

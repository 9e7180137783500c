// POST /oauth/token, client_credentials -> streams client/{id}, provider/{id} -> IssueToken
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Fleet.Identity.Agents;
using Fleet.Identity.Clients;
using Fleet.Identity.People;
using Fleet.Identity.Proofs;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 6749 §4.4: a program with a secret of its own, or with a key of its own.</summary>
internal sealed class ClientCredentialsGrant(ModuleContext module, string virtualHost)
{
    private readonly TenantRegions _regions = new(module);
    private readonly LockOut _lockOut = new(module, PeopleKey.Open(module.Settings), "client");
    private readonly SeenProofs _seen = new(module);
    private readonly IReadOnlyList<string> _addresses = Origins.Of(module.Settings).At(IssueTokenRoute.Path);

    public async Task<(Granted? Granted, TokenError? Error)> AnswerAsync(HttpRequest http, OAuthForm form, CancellationToken cancel)
    {
        var (request, error) = TokenRequest.Read(http.Headers.Authorization is [var header, ..] ? header : null, form.Fields);
        if (request is null)
            return (null, error);
        // Counted when it was wrong, not before: many programs may show one secret at the same moment, and it is too long to be guessed by a few that slip through.
        // Signatures cannot be guessed: who signs is not kept waiting by a stranger who tries.
        if (request.Assertion is null && await _lockOut.WaitAsync(request.ClientId, cancel) is { } wait)
            return (null, TokenError.TooManyFailures((int)Math.Ceiling(wait.TotalSeconds)));
        await using var session = module.Store.LightweightSession(StoreTenants.Platform);
        var client = (await session.Events.FetchForWriting<Client>(Client.Key(request.ClientId), cancel)).Aggregate;
        if (!await IsItAsync(request, client, cancel) || client is not { Standing: { } standing, IsDisabled: false })
        {
            if (request.Assertion is null)
                await _lockOut.TryAsync(request.ClientId, cancel);
            return (null, request.Assertion is null ? TokenError.Unauthenticated : TokenError.Unsigned);
        }
        if (request.Assertion is null)
            await _lockOut.SucceededAsync(request.ClientId, cancel);
        if (standing.Tenant is { } tenant && await _regions.ElsewhereAsync(tenant, cancel) is { } elsewhere)
            return (null, elsewhere);
        if (standing.Role == ClientRoles.Agent)
        {
            var (login, refused) = await AsAgentAsync(http, request.ClientId, standing, cancel);
            if (login is null)
                return (null, refused);
            request = request with { ClientId = login };
        }
        var customers = standing.Provider is { } provider ? await Customers.OfAsync(module, provider, cancel) : [];
        var (claims, no) = IssueToken.Decide(request, standing, customers, virtualHost);
        return claims is null ? (null, no) : (new(claims), null);
    }

    /// <returns>Its name at the broker: with a key, one that a revocation ends.</returns>
    private async Task<(string? Login, TokenError? Error)> AsAgentAsync(HttpRequest http, string clientId, Standing standing, CancellationToken cancel)
    {
        var (tenant, id) = (standing.Tenant!, standing.Agent ?? clientId);
        Proof? proof = null;
        if (http.Headers[CheckProof.Header] is { Count: > 0 } headers)
        {
            (proof, var untrue) = await CheckProof.OfAsync(headers, http.Method, _addresses, module.Clock.GetUtcNow());
            if (proof is null)
                return (null, untrue);
            if (!await _seen.IsNewAsync(proof, cancel))
                return (null, TokenError.ReplayedProof);
        }
        var outcome = await module.DecideAsync<Agent, AgentEvent>(tenant, Agent.StreamKey(id), agent => BindKey.Decide(standing, clientId, proof?.Key, agent, module.Clock.GetUtcNow()), cancel);
        return outcome switch
        {
            { Refusal: { } refusal } => (null, TokenError.InvalidGrant(refusal.Detail)),
            { State.Key: null } => (clientId, null),
            _ => (EdgeAccess.Login(tenant, id, outcome.State.Since), null),
        };
    }

    // A client with a key has no secret to guess, one with a secret no key.
    private async Task<bool> IsItAsync(TokenRequest request, Client client, CancellationToken cancel)
    {
        if (request.Assertion is not { } assertion)
            return ((client.SecretHash is { } text ? SecretHash.Parse(text) : null) ?? SecretHash.OfNobody).Matches(request.Secret);
        return client.Keys is { } keys
            && await CheckAssertion.HoldsAsync(assertion, request.ClientId, keys, module.Settings["FLEET_ISSUER"]!, module.Clock.GetUtcNow()) is var (id, until)
            && await _seen.IsNewAsync($"client:{request.ClientId}", id, until, cancel);
    }
}

// POST /oauth/token, refresh_token -> proof of the same key -> Decide -> stream agent/{id} -> new access and refresh token
using System.Security.Cryptography;
using Fleet.Contracts.Edge.V1;
using Fleet.Defaults;
using Fleet.Identity.Clients;
using Fleet.Identity.Enrolments;
using Fleet.Identity.OAuth;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Agents;

public static class RenewTokens
{
    /// <summary>An agent that asked for no token this long has to be enrolled again.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromDays(90);

    public static readonly Refusal NoLonger = Refusal.Invalid("invalid_grant", "The agent is not enrolled any more, unused for 90 days, or shows another key or token than its own.");

    /// <summary>
    /// The newest token gives a newer one. So does the one before it: its answer got lost, or the newest would have been shown since. Any older one, shown with the right key, means that two
    /// hold what one was given (RFC 9700 §4.14.2): both lose it.
    /// </summary>
    /// <param name="shown">Hash of the token it shows.</param>
    /// <param name="fresh">Hash of the token it would get.</param>
    public static Decision<AgentEvent> Decide(Agent agent, string keyId, string shown, string fresh, DateTimeOffset now)
    {
        if (agent is { IsRevoked: true } or { Refresh: null } || agent.Key?.Id != keyId || now - agent.LastToken > Idle)
            return NoLonger;
        return shown == agent.Refresh || shown == agent.Before
            ? new AgentEvent.Renewed(fresh, shown, now)
            : new AgentEvent.Revoked("token-reuse", By: null, now, agent.Since);
    }
}

/// <summary>What an agent gets: who it is, the name it has at the broker, and the refresh token for next time.</summary>
public sealed record AgentTokens(Standing Standing, string Login, string Refresh)
{
    /// <param name="since">When it was let in.</param>
    public static AgentTokens Of(Place place, DateTimeOffset since, RefreshToken refresh) =>
        new(new(ClientRoles.Agent, Tenant: place.Tenant, Site: place.Site, Agent: place.Agent), EdgeAccess.Login(place.Tenant, place.Agent, since), refresh.Text);
}

public static class RenewTokensGrant
{
    public static async Task<(AgentTokens? Tokens, TokenError? Error)> AnswerAsync(ModuleContext module, SeenProofs seen, OAuthForm form, Proof proof, CancellationToken cancel)
    {
        if (form.Field("refresh_token") is not { } text)
            return (null, TokenError.InvalidRequest("'refresh_token' is missing."));
        if (RefreshToken.Read(text) is not { } shown)
            return (null, TokenError.InvalidGrant(RenewTokens.NoLonger.Detail));
        await using (var session = module.Store.LightweightSession(shown.Tenant))
        {
            // Strangers' proofs are not kept.
            var known = (await session.Events.FetchForWriting<Agent>(Agent.StreamKey(shown.Agent), cancel)).Aggregate;
            if (known.Key?.Id != proof.Key.Id)
                return (null, TokenError.InvalidGrant(RenewTokens.NoLonger.Detail));
        }
        if (!await seen.IsNewAsync(proof, cancel))
            return (null, TokenError.ReplayedProof);

        var fresh = RefreshToken.Of(shown.Tenant, shown.Agent, RandomNumberGenerator.GetBytes(32));
        var outcome = await module.DecideAsync<Agent, AgentEvent>(
            shown.Tenant, Agent.StreamKey(shown.Agent), agent => RenewTokens.Decide(agent, proof.Key.Id, shown.Hash, fresh.Hash, module.Clock.GetUtcNow()), cancel);
        return outcome switch
        {
            { Refusal: { } refusal } => (null, TokenError.InvalidGrant(refusal.Detail)),
            { Events: [AgentEvent.Revoked] } => (null, TokenError.InvalidGrant("This refresh token was replaced long ago: somebody else may hold it, so the agent has to be enrolled again.")),
            _ => (AgentTokens.Of(new(shown.Tenant, outcome.State.Site!, shown.Agent), outcome.State.Since, fresh), null),
        };
    }
}

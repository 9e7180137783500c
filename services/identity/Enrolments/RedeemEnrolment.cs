// POST /oauth/token, device_code -> proof of the same key -> Decide -> streams enrolment/{hash} and agent/{id}, one transaction -> first tokens
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Agents;
using Fleet.Identity.OAuth;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Enrolments;

public static class RedeemEnrolment
{
    /// <summary>The same for a code nobody was given, one that was redeemed, and one shown with another's key.</summary>
    public static readonly TokenError NoSuchCode = TokenError.InvalidGrant("The device code is unknown, was used, or belongs to another key.");

    /// <summary>Null when it may be redeemed.</summary>
    public static TokenError? Decide(Enrolment enrolment, string keyId, DateTimeOffset now) => enrolment switch
    {
        _ when enrolment.Key?.Id != keyId => NoSuchCode,
        { IsRedeemed: true } => NoSuchCode,
        { IsDenied: true } => TokenError.Denied,
        _ when now >= enrolment.Until => TokenError.Expired,
        { Place: null } => TokenError.Pending,
        _ => null,
    };
}

public static class RedeemEnrolmentGrant
{
    public static async Task<(AgentTokens? Tokens, TokenError? Error)> AnswerAsync(
        ModuleContext module, SeenProofs seen, PollPace pace, OAuthForm form, Proof proof, CancellationToken cancel)
    {
        if (form.Field("device_code") is not { } code)
            return (null, TokenError.InvalidRequest("'device_code' is missing."));
        var stream = Enrolment.StreamKey(code);
        await using var session = module.Store.BatchSession();
        var enrolment = (await session.FetchForWriting<Enrolment>([(StoreTenants.Platform, stream)], cancel))[0];
        var error = RedeemEnrolment.Decide(enrolment.Aggregate, proof.Key.Id, module.Clock.GetUtcNow());
        if (error == RedeemEnrolment.NoSuchCode)
            return (null, error);
        if (!await seen.IsNewAsync(proof, cancel))
            return (null, TokenError.ReplayedProof);
        if (error == TokenError.Pending && pace.IsTooFast(stream))
            return (null, TokenError.SlowDown);
        return error is null ? await RedeemAsync(module, session, enrolment, pace, stream, cancel) : (null, error);
    }

    private static async Task<(AgentTokens? Tokens, TokenError? Error)> RedeemAsync(
        ModuleContext module, BatchSession session, EventStream<Enrolment> enrolment, PollPace pace, string stream, CancellationToken cancel)
    {
        var place = enrolment.Aggregate.Place!;
        // Let in before its tenant was closed: it waits, and goes on with the same code when the tenant stays.
        if (await new TenantRegions(module).ElsewhereAsync(place.Tenant, cancel) is { } elsewhere)
            return (null, elsewhere);
        var agent = (await session.FetchForWriting<Agent>([(place.Tenant, Agent.StreamKey(place.Agent))], cancel))[0];
        // It was approved, and then revoked before it came for its tokens.
        if (agent.Aggregate.IsRevoked)
            return (null, TokenError.Denied);
        var now = module.Clock.GetUtcNow();
        var fresh = RefreshToken.Of(place.Tenant, place.Agent, RandomNumberGenerator.GetBytes(32));
        enrolment.AppendMany([new EnrolmentEvent.Redeemed(now)]);
        agent.AppendMany([new AgentEvent.Connected(fresh.Hash, now)]);
        try
        {
            await session.SaveChangesAsync(cancel);
        }
        catch (ConcurrencyException)
        {
            return (null, RedeemEnrolment.NoSuchCode); // two at once: the other one was first
        }
        pace.Forget(stream);
        return (AgentTokens.Of(place, agent.Aggregate.Since, fresh), null);
    }
}

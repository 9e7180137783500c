// POST /oauth/token of a public client, authorization_code | refresh_token -> Decide -> stream person/{id} -> PersonClaims
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Clients;
using Fleet.Identity.People;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 6749 §4.1.3 with RFC 7636, and §6: tokens of the people who sign in.</summary>
internal sealed class PersonGrants(ModuleContext module, PersonKeys keys)
{
    private const int ShortestVerifier = 43, LongestVerifier = 128;

    private static readonly TokenError NoSuchCode = TokenError.InvalidGrant("The code is unknown, was used, is older than a minute, or was given to another client, for another redirect_uri or for another code_challenge.");

    public async Task<(Granted? Granted, TokenError? Error)> AnswerAsync(HttpRequest http, OAuthForm form, CancellationToken cancel)
    {
        // Who has no secret shows none: a secret here was put into a program that cannot keep it.
        if (http.Headers.Authorization.Count > 0 || form.Field("client_secret") is not null)
            return (null, TokenError.InvalidClient("A public client names itself by 'client_id', and has no secret."));
        if (form.Field("client_id") is not { } client || !await PublicClients.KnowAsync(module, client, cancel))
            return (null, PublicClients.Unknown);
        return form.Field("grant_type") == TokenRequest.AuthorizationCode ? await RedeemAsync(client, form, cancel) : await RenewAsync(client, form, cancel);
    }

    private async Task<(Granted?, TokenError?)> RedeemAsync(string client, OAuthForm form, CancellationToken cancel)
    {
        if (form.Field("code") is not { } code || form.Field("redirect_uri") is not { } redirect)
            return (null, TokenError.InvalidRequest("'code' or 'redirect_uri' is missing."));
        if (form.Field("code_verifier") is not { Length: >= ShortestVerifier and <= LongestVerifier } verifier)
            return (null, TokenError.InvalidRequest($"'code_verifier' is missing, or has not {ShortestVerifier} to {LongestVerifier} characters (RFC 7636 §4.1)."));
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RedeemOnceAsync(code, new(client, redirect, verifier), cancel);
            }
            catch (ConcurrencyException) when (attempt < 5)
            {
                // Something else happened to the person at the same moment: look again at what is true now.
            }
        }
    }

    private async Task<(Granted?, TokenError?)> RedeemOnceAsync(string text, ShownCode shown, CancellationToken cancel)
    {
        await using var work = module.Store.BatchSession();
        if (await Codes.TakeAsync(work, text, cancel) is not { } code || await keys.ByIdAsync(code.Person, cancel) is not { } known)
            return (null, NoSuchCode);
        var person = (await work.FetchForWriting<Person>([(known.Home.StoreTenant, known.Stream)], cancel))[0];
        var now = module.Clock.GetUtcNow();
        switch (RedeemCode.Decide(code, shown, person.Aggregate, now))
        {
            case CodeOutcome.Replayed when person.Aggregate.Grants.ContainsKey(code.Grant!):
                person.AppendMany([new PersonEvent.GrantEnded(code.Grant!, "code-reuse", now)]);
                await work.SaveChangesAsync(cancel);
                return (null, NoSuchCode);
            case CodeOutcome.Good:
                break;
            default:
                if (code.Grant is null)
                {
                    await Codes.UsedAsync(work, text, grant: "", cancel);
                    person.AppendMany([new PersonEvent.SignInRefused("code-misused", now)]);
                }
                await work.SaveChangesAsync(cancel);
                return (null, NoSuchCode);
        }
        var refresh = Fresh(known.Id, RandomNumberGenerator.GetHexString(32, lowercase: true));
        var granted = new PersonEvent.Authorized(code.Session, refresh.Subject, code.Client, code.Scope, refresh.Hash, now);
        await Codes.UsedAsync(work, text, refresh.Subject, cancel);
        person.AppendMany([.. RedeemCode.Outnumbered(person.Aggregate, code).Select(old => new PersonEvent.GrantEnded(old, "too-many", now)), granted]);
        await work.SaveChangesAsync(cancel);
        return (await GrantedAsync(known, Person.Evolve(person.Aggregate, granted), refresh, code.Nonce, isFirst: true, cancel), null);
    }

    private async Task<(Granted?, TokenError?)> RenewAsync(string client, OAuthForm form, CancellationToken cancel)
    {
        if (form.Field("refresh_token") is not { } text)
            return (null, TokenError.InvalidRequest("'refresh_token' is missing."));
        if (BearerSecret.Read(text) is not { } shown || await keys.ByIdAsync(shown.Person, cancel) is not { } known)
            return (null, BearerSecret.Read(text) is { } held && await MovingAsync(held, client, cancel) is { } moving ? moving : TokenError.InvalidGrant(RenewGrant.NoLonger.Detail));
        var fresh = Fresh(shown.Person, shown.Subject);
        var outcome = await module.DecideAsync<Person, PersonEvent>(
            known.Home.StoreTenant, known.Stream, person => RenewGrant.Decide(person, shown.Subject, client, shown.Hash, fresh.Hash, module.Clock.GetUtcNow()), cancel);
        return outcome switch
        {
            { Refusal: { } refusal } => (null, TokenError.InvalidGrant(refusal.Detail)),
            { Events: [PersonEvent.GrantEnded] } => (null, TokenError.InvalidGrant("This refresh token was replaced before: somebody else may hold it, so the person has to sign in again.")),
            _ => (await GrantedAsync(known, outcome.State, fresh, nonce: null, isFirst: false, cancel), null),
        };
    }

    // Its token is good, and will be where its tenant is going, or here again: a client that was told otherwise would throw it away.
    private async Task<TokenError?> MovingAsync(BearerSecret held, string client, CancellationToken cancel)
    {
        if (await keys.LeavingAsync(held.Person, cancel) is not { Home.Tenant: { } tenant } known)
            return null;
        await using var session = module.Store.LightweightSession(known.Home.StoreTenant);
        var person = (await session.Events.FetchForWriting<Person>(known.Stream, cancel)).Aggregate;
        return RenewGrant.Decide(person, held.Subject, client, held.Hash, held.Hash, module.Clock.GetUtcNow()) is { Events: [PersonEvent.Renewed] } ? await new TenantRegions(module).ElsewhereAsync(tenant, cancel) : null;
    }

    private async Task<Granted> GrantedAsync(KnownPerson known, Person person, BearerSecret refresh, string? nonce, bool isFirst, CancellationToken cancel)
    {
        var grant = person.Grants[refresh.Subject];
        var customers = known.Home.Provider is { } provider ? await Customers.OfAsync(module, provider, cancel) : [];
        var claims = PersonClaims.Of(known.Id, person.Role, known.Home, grant, customers);
        return new(claims, refresh.Text, isFirst && claims.Scope.Contains(ReadAuthorization.OpenId) ? await WhoAsync(known, person.Sessions[grant.Session], claims.Scope, nonce, cancel) : null);
    }

    private async Task<IdClaims> WhoAsync(KnownPerson known, Session session, IReadOnlyList<string> scope, string? nonce, CancellationToken cancel)
    {
        await using var query = module.Store.QuerySession([known.Home.StoreTenant]);
        var row = await query.LoadAsync<PersonRow>(known.Home.StoreTenant, known.Id, cancel);
        string? Said(string word, string field, string? text) => scope.Contains(word) && text is not null ? known.Key.Open(field, text) : null;
        return new(nonce, session, Said(ReadAuthorization.Profile, "name", row?.Name), Said(ReadAuthorization.Email, "email", row?.Email));
    }

    private static BearerSecret Fresh(string person, string grant) => BearerSecret.Of(person, grant, RandomNumberGenerator.GetBytes(32));
}

// /api/v1/me… -> stream person/{id}: what a person sees and changes of itself
using System.ComponentModel;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.SignIn;

/// <summary>Who is signed in.</summary>
/// <param name="Provider">Whose staff the person is; null for a customer's people and operators.</param>
/// <param name="TenantId">Whose person it is; null for a provider's people and operators.</param>
/// <param name="SignsInElsewhere">With another provider of identities; then there is no password here, and no second factor.</param>
public sealed record Me(string PersonId, string? Name, string? Email, string Role, string? Provider, string? TenantId, bool SecondFactor, bool SignsInElsewhere);

/// <summary>One sign-in that is not over.</summary>
/// <param name="How">RFC 8176: <c>pwd</c>, <c>otp</c>, <c>mfa</c>, <c>fed</c>.</param>
/// <param name="LastUsedAt">By the browser's sign-in or a client's renewal of its tokens.</param>
/// <param name="Clients">Which hold tokens by it.</param>
/// <param name="IsThis">The one this very token came of.</param>
public sealed record ListedSession(string SessionId, IReadOnlyList<string> How, DateTimeOffset SignedInAt, DateTimeOffset LastUsedAt, IReadOnlyList<string> Clients, bool IsThis);

/// <summary>All of them; nobody has so many that they would be paged.</summary>
public sealed record OwnSessions(IReadOnlyList<ListedSession> Items);

/// <summary>A new password for the old one.</summary>
/// <param name="New">12 to 128 characters, none of those that are tried first.</param>
public sealed record PasswordChange(string Current, string New);

/// <summary>The password once more, before something grave.</summary>
public sealed record PasswordOnceMore(string Password);

/// <summary>The first code of a second factor.</summary>
/// <param name="Setup">As it was offered.</param>
public sealed record FirstCode(string Setup, string Code);

/// <summary>The password and a code, the last ones that take both.</summary>
/// <param name="Code">Of the authenticator, or a recovery code.</param>
public sealed record LastCode(string Password, string Code);

public sealed class MeRoutes(ModuleContext module, Myself myself, OwnPassword own, SecondFactors factors)
{
    private delegate Task<IResult> ForMe(HttpContext http, SignedIn me, CancellationToken cancel);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/me", (HttpContext http, CancellationToken cancel) => DoAsync(http, WhoAsync, cancel))
            .RequiresToken().WithName("GetMe").WithSummary("Who is signed in").Produces<Me>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
        app.MapGet("/api/v1/me/sessions", (HttpContext http, CancellationToken cancel) => DoAsync(http, (_, me, _) => Task.FromResult(Results.Ok(SessionsOf(me, module.Clock.GetUtcNow()))), cancel))
            .RequiresToken().WithName("ListOwnSessions").WithSummary("Where one is signed in").Produces<OwnSessions>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
        app.MapPost("/api/v1/me/sessions/{sessionId}/revoke", ([Description("As listed.")] string sessionId, HttpContext http, CancellationToken cancel) => DoAsync(http, (_, me, stop) => EndAsync(me, sessionId, stop), cancel))
            .RequiresToken().WithName("EndOwnSession").WithSummary("Ends one sign-in and every refresh token that came of it").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status403Forbidden);
        app.MapPost("/api/v1/me/sessions/revoke", (HttpContext http, CancellationToken cancel) => DoAsync(http, (_, me, stop) => EndAsync(me, null, stop), cancel))
            .RequiresToken().WithName("EndOwnSessions").WithSummary("Signs out everywhere, here too").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound);
        app.MapPost("/api/v1/me/password", (PasswordChange wanted, HttpContext http, CancellationToken cancel) => DoAsync(http, async (_, me, stop) => Said(await own.ChangeAsync(http, me, wanted.Current, wanted.New, stop)), cancel))
            .RequiresToken().WithName("ChangeOwnPassword").WithSummary("A new password; all other sessions end").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests);

        app.MapPost("/api/v1/me/second-factor", (PasswordOnceMore once, HttpContext http, CancellationToken cancel) => DoAsync(http, async (_, me, stop) =>
        {
            var (offered, no) = await factors.OfferAsync(http, me, once.Password, stop);
            return no?.ToResult() ?? Results.Ok(offered);
        }, cancel)).RequiresToken().WithName("OfferSecondFactor").WithSummary("A secret for an authenticator app (RFC 6238); in force once a code of it is shown").Produces<OfferedFactor>()
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);
        app.MapPost("/api/v1/me/second-factor/confirm", (FirstCode first, HttpContext http, CancellationToken cancel) => DoAsync(http, async (_, me, stop) =>
        {
            var (given, no) = await factors.ConfirmAsync(me, first.Setup, first.Code, stop);
            return no?.ToResult() ?? Results.Ok(given);
        }, cancel)).RequiresToken().WithName("ConfirmSecondFactor").WithSummary("From now on signing in takes a code, too; the answer holds the recovery codes, once").Produces<GivenFactor>()
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        app.MapPost("/api/v1/me/second-factor/remove", (LastCode last, HttpContext http, CancellationToken cancel) => DoAsync(http, async (_, me, stop) => Said(await factors.RemoveAsync(http, me, last.Password, last.Code, stop)), cancel))
            .RequiresToken().WithName("RemoveOwnSecondFactor").WithSummary("The password alone signs in again").Produces(StatusCodes.Status204NoContent)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    private async Task<IResult> DoAsync(HttpContext http, ForMe what, CancellationToken cancel)
    {
        OAuthAnswer.NotToBeKept(http);
        var (me, refusal) = await myself.OfAsync(http, cancel);
        return me is null ? refusal!.ToResult() : await what(http, me, cancel);
    }

    private async Task<IResult> WhoAsync(HttpContext http, SignedIn me, CancellationToken cancel)
    {
        await using var query = module.Store.QuerySession([me.Known.Home.StoreTenant]);
        var row = ListedPerson.Of((await query.LoadAsync<PersonRow>(me.Known.Home.StoreTenant, me.Known.Id, cancel))!, me.Known.Key);
        return Results.Ok(new Me(me.Known.Id, row.Name, row.Email, me.Person.Role, me.Known.Home.Provider, me.Known.Home.Tenant, row.SecondFactor, me.Person.Password is null));
    }

    /// <summary>Without those whose browser is signed out by now, and by which no client holds anything.</summary>
    public static OwnSessions SessionsOf(SignedIn me, DateTimeOffset now) => new(
    [
        .. me.Person.Sessions.Where(one => now - one.Value.At < BrowserSessions.Life || me.Person.Grants.Values.Any(grant => grant.Session == one.Key)).OrderByDescending(one => one.Value.Last).Select(one => new ListedSession(
            one.Key, one.Value.How, one.Value.At, one.Value.Last, [.. me.Person.Grants.Values.Where(grant => grant.Session == one.Key).Select(grant => grant.Client).Distinct().Order(StringComparer.Ordinal)], one.Key == me.SessionId)),
    ]);

    private async Task<IResult> EndAsync(SignedIn me, string? session, CancellationToken cancel) => Said((await module.DecideAsync<Person, PersonEvent>(
        me.Known.Home.StoreTenant, me.Known.Stream, person => EndSession.Decide(session, me.Known.Id, person, module.Clock.GetUtcNow()), cancel)).Refusal);

    private static IResult Said(Refusal? refusal) => refusal?.ToResult() ?? Results.NoContent();
}

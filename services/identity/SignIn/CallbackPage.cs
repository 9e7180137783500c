// GET /account/signin -> the other issuer -> GET /oauth/callback -> Decide -> stream person/{id}, cookie -> back to where the person came from
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Defaults;
using Fleet.Identity.Pages;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Fleet.Identity.SignIn;

/// <summary>The way to the other issuer and back.</summary>
public sealed class CallbackPage(ModuleContext module, PersonKeys keys, OtherIssuer issuer, Browser browser, BrowserSessions sessions, SignInRecord record)
{
    public const string Path = "/oauth/callback";

    private const int LongestBack = 2048; // in a cookie, sealed, a third longer

    private readonly ILogger _log = module.Logs.CreateLogger<CallbackPage>();

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/account/signin", GoAsync).ExcludeFromDescription();
        app.MapGet(Path, ComeAsync).ExcludeFromDescription();
    }

    private async Task<IResult> GoAsync(HttpContext http, CancellationToken cancel)
    {
        var back = ReturnTo.Read(http.Request.Query["return"]);
        var trip = new Trip(Fresh(), Fresh(), Fresh(), back.Length <= LongestBack ? back : ReturnTo.Account, module.Clock.GetUtcNow() + Trip.Life);
        browser.SetTrip(http, keys.People.Seal("trip", trip.Write()), Trip.Life);
        try
        {
            return new SeeOther(await issuer.AddressAsync(trip, EmailAddress.Read(http.Request.Query["login_hint"])?.Text, http.Request.Query["prompt"] == "login" ? "login" : null, cancel));
        }
        catch (Exception e) when (IsAway(e, cancel))
        {
            return Away(http, e);
        }
    }

    private async Task<IResult> ComeAsync(HttpContext http, CancellationToken cancel)
    {
        string? One(string name) => http.Request.Query[name] is [{ Length: > 0 } value] ? value : null;
        if (Trip.Read(keys.People.Unseal("trip", browser.TakeTrip(http))) is not { } trip || trip.State != One("state") || module.Clock.GetUtcNow() >= trip.Until)
            return No(http, "This sign-in was begun elsewhere, or took too long.", StatusCodes.Status400BadRequest);
        try
        {
            if (!await issuer.SaidAsync(One("iss"), cancel))
                return No(http, "This answer is not of the issuer that was asked.", StatusCodes.Status400BadRequest);
            if (One("code") is not { } code)
                return No(http, "The issuer did not sign you in.", StatusCodes.Status403Forbidden);
            var (who, reason) = await issuer.RedeemAsync(code, trip, cancel);
            if (who is not null)
                return await EnterAsync(http, who, trip, cancel);
            _log.LogWarning("Nobody enters from the other issuer: {Reason}", reason);
            return No(http, "What the issuer says of you does not hold.", StatusCodes.Status403Forbidden);
        }
        catch (Exception e) when (IsAway(e, cancel))
        {
            return Away(http, e);
        }
    }

    private async Task<IResult> EnterAsync(HttpContext http, Asserted who, Trip trip, CancellationToken cancel)
    {
        var login = keys.People.HashOf(who.Issuer, who.Subject);
        var known = await keys.ByLoginAsync(login, cancel) ?? (EmailAddress.Read(who.Email) is { } email ? await keys.ByEmailAsync(email, cancel) : null);
        var (session, fault) = ($"s-{RandomNumberGenerator.GetHexString(32, lowercase: true)}", (string?)"unknown");
        var outcome = known is null ? null : await module.DecideAsync<Person, PersonEvent>(known.Home.StoreTenant, known.Stream, person =>
        {
            (fault, var decision) = EnterFromElsewhere.Decide(person, login, session, module.Clock.GetUtcNow());
            return decision;
        }, cancel);
        if (outcome is not { Refusal: null })
        {
            await record.RefusedAsync(known, fault ?? "busy", cancel);
            return No(http, "You are not invited here. Whoever runs this for your organisation can invite you.", StatusCodes.Status403Forbidden);
        }
        await keys.LinkAsync(known!.Id, login, cancel);
        await sessions.StartAsync(http, known.Id, session, cancel);
        return new SeeOther(trip.Back);
    }

    private static bool IsAway(Exception e, CancellationToken cancel) => e is HttpRequestException or InvalidOperationException or JsonException or IOException || (e is OperationCanceledException && !cancel.IsCancellationRequested);

    private IResult Away(HttpContext http, Exception e)
    {
        _log.LogWarning("The other issuer does not answer: {Reason}", e.GetType().Name);
        return No(http, "The issuer you sign in with does not answer. Please try again in a while.", StatusCodes.Status503ServiceUnavailable);
    }

    private static IResult No(HttpContext http, string said, int status) =>
        Page.Of(http, "Sign in", Html.Of($"""<main class="narrow"><h1>Not signed in</h1><p class="said bad">{said}</p><p><a href="/account/signin">Try again</a></p></main>"""), status);

    private static string Fresh() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

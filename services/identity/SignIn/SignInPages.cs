// GET /account/signin -> POST -> (POST /account/code) -> stream person/{id}, cookie -> back to where the person came from
using System.Globalization;
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.Pages;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.SignIn;

/// <summary>Two pages: address and password, then a code where the person has set that up. Both say the same, after as much work, whether anybody has the address or not.</summary>
public sealed class SignInPages(ModuleContext module, PersonKeys keys, Passwords passwords, Browser browser, BrowserSessions sessions, Guesses guesses, SignInRecord record)
{
    private const string Wrong = "That address or password is not right.", WrongCode = "That code is not right, or was used before.";

    private static readonly TimeSpan TicketLife = TimeSpan.FromMinutes(5);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/account/signin", (HttpContext http) => Password(http, ReturnTo.Read(http.Request.Query["return"]), Hint(http))).ExcludeFromDescription();
        app.MapPost("/account/signin", (HttpContext http, CancellationToken cancel) => TakeAsync(http, PasswordAsync, cancel)).DisableAntiforgery().ExcludeFromDescription();
        app.MapPost("/account/code", (HttpContext http, CancellationToken cancel) => TakeAsync(http, CodeAsync, cancel)).DisableAntiforgery().ExcludeFromDescription();
    }

    private async Task<IResult> TakeAsync(HttpContext http, Func<HttpContext, OAuthForm, string, CancellationToken, Task<IResult>> next, CancellationToken cancel)
    {
        var (form, _) = await OAuthForm.ReadAsync(http.Request, cancel);
        var back = ReturnTo.Read(form?.Field("return"));
        return form is not null && browser.Sent(http, form)
            ? await next(http, form, back, cancel)
            : Password(http, back, null, "This page was open too long, or came from elsewhere. Please try again.", StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> PasswordAsync(HttpContext http, OAuthForm form, string back, CancellationToken cancel)
    {
        var typed = form.Field("email");
        var email = EmailAddress.Read(typed);
        var who = keys.People.Sign("guess", (email?.Text ?? typed ?? "").ToLowerInvariant());
        if (await guesses.TryAsync(http, who, cancel) is { } wait)
            return Password(http, back, typed, $"Too many wrong tries. Please wait {wait} seconds.", StatusCodes.Status429TooManyRequests);

        var known = email is null ? null : await keys.ByEmailAsync(email, cancel);
        // Whose tenant is on its way to another region is told so, and nothing is written; who does not know the password is told what everybody is.
        var leaving = known is null && email is not null ? await keys.LeavingAsync(email, cancel) : null;
        var person = await record.PersonAsync(known ?? leaving, cancel);
        var password = form.Field("password") is { Length: <= 1024 } text ? text : "";
        var (isRight, isDated) = passwords.Check(person.Password is { } hash ? (known ?? leaving)!.Key.Open("password", hash) : null, password);
        var fault = SignInPerson.Fault(person, isRight);
        if (fault is null && leaving is not null)
        {
            await guesses.RightAsync(http, who, cancel);
            return await MovingAsync(http, leaving, back, typed, cancel);
        }
        if (fault is not null)
        {
            await record.RefusedAsync(known, fault, cancel);
            return Password(http, back, typed, Wrong, StatusCodes.Status401Unauthorized);
        }
        await guesses.RightAsync(http, who, cancel);
        if (isDated)
            await RehashAsync(known!, person, password, cancel);
        return person.SecondFactor is null
            ? await SignedInAsync(http, known!, Shown.Password, back, typed, cancel)
            : Code(http, Ticket(http, known!, await record.PersonAsync(known, cancel)), back);
    }

    private async Task<IResult> MovingAsync(HttpContext http, KnownPerson leaving, string back, string? typed, CancellationToken cancel)
    {
        var moving = (await Whereabouts.OfAsync(module, leaving.Home.StoreTenant, reads: false, cancel))?.Refusal;
        return Password(http, back, typed, moving?.Detail ?? "Please try again.", StatusCodes.Status503ServiceUnavailable); // it stays, since a moment ago
    }

    private async Task<IResult> CodeAsync(HttpContext http, OAuthForm form, string back, CancellationToken cancel)
    {
        if (await ReadAsync(http, form.Field("ticket"), cancel) is not var (known, person) || person.SecondFactor is not { } factor)
            return Password(http, back, null, "That took too long. Please sign in again.", StatusCodes.Status400BadRequest);
        if (await guesses.TryAsync(http, CodesOf(known), cancel) is { } wait)
            return Code(http, form.Field("ticket")!, back, $"Too many wrong codes. Please wait {wait} seconds.", StatusCodes.Status429TooManyRequests);
        var code = form.Field("code");
        var shown = Totp.StepOf(Convert.FromBase64String(known.Key.Open("totp", factor.Secret)), code, module.Clock.GetUtcNow(), factor.Step) is { } step ? Shown.Code(step)
            : RecoveryCodes.Find(keys.People, known.Id, factor, code) is { } recovery ? Shown.RecoveryCode(recovery) : null;
        if (shown is null)
        {
            await record.RefusedAsync(known, "wrong-code", cancel);
            return Code(http, form.Field("ticket")!, back, WrongCode, StatusCodes.Status401Unauthorized);
        }
        await guesses.RightAsync(http, CodesOf(known), cancel);
        return await SignedInAsync(http, known, shown, back, null, cancel);
    }

    private async Task<IResult> SignedInAsync(HttpContext http, KnownPerson known, Shown shown, string back, string? typed, CancellationToken cancel)
    {
        var session = $"s-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        var outcome = await module.DecideAsync<Person, PersonEvent>(
            known.Home.StoreTenant, known.Stream, person => SignInPerson.Decide(person, session, shown, module.Clock.GetUtcNow()), cancel);
        if (outcome.Refusal is not null)
            return Password(http, back, typed, WrongCode, StatusCodes.Status401Unauthorized);
        await sessions.StartAsync(http, known.Id, session, cancel);
        return new SeeOther(back);
    }

    private Task RehashAsync(KnownPerson known, Person before, string password, CancellationToken cancel)
    {
        var fresh = known.Key.Seal("password", passwords.Hash(password));
        return module.DecideAsync<Person, PersonEvent>(known.Home.StoreTenant, known.Stream, person => person.Password == before.Password
            ? new PersonEvent.PasswordChanged(fresh, "rehashed", null, module.Clock.GetUtcNow())
            : Decision<PersonEvent>.Nothing, cancel);
    }

    // Between the two pages: that the password was right, in this browser, just now, and is still that one.
    private string Ticket(HttpContext http, KnownPerson known, Person person) =>
        keys.People.Seal("code", $"{known.Id}\n{(module.Clock.GetUtcNow() + TicketLife).ToUnixTimeSeconds()}\n{browser.Own(http)}\n{BearerSecret.HashOf(person.Password!)}");

    private async Task<(KnownPerson Known, Person Person)?> ReadAsync(HttpContext http, string? ticket, CancellationToken cancel)
    {
        if (keys.People.Unseal("code", ticket)?.Split('\n') is not [var id, var until, var own, var password] || own != browser.Own(http)
            || long.Parse(until, CultureInfo.InvariantCulture) <= module.Clock.GetUtcNow().ToUnixTimeSeconds() || await keys.ByIdAsync(id, cancel) is not { } known)
            return null;
        var person = await record.PersonAsync(known, cancel);
        return person is { Stage: PersonStage.Active, Password: { } now } && BearerSecret.HashOf(now) == password ? (known, person) : null;
    }

    /// <summary>Wrong codes are counted apart from wrong passwords: a right password makes up for no wrong code.</summary>
    public static string CodesOf(KnownPerson known) => $"{known.Id} code";

    private static string? Hint(HttpContext http) => EmailAddress.Read(http.Request.Query["login_hint"])?.Text;

    private IResult Password(HttpContext http, string back, string? email, string? said = null, int status = StatusCodes.Status200OK) => Page.Of(http, "Sign in", Html.Of($"""
        <main class="narrow">
        <h1>Sign in to Fleet</h1>
        {Said(said)}
        <form method="post" action="/account/signin">
        {browser.Field(http)}<input type="hidden" name="return" value="{back}">
        <label for="email">E-mail address</label>
        <input id="email" name="email" type="email" autocomplete="username" required value="{email}" {(email is null ? new Html("autofocus") : Html.None)}>
        <label for="password">Password</label>
        <input id="password" name="password" type="password" autocomplete="current-password" required {(email is null ? Html.None : new Html("autofocus"))}>
        <button>Sign in</button>
        </form>
        <footer>Forgot the password? Whoever invited you can send you a new link.</footer>
        </main>
        """), status, Authorize.LeadsTo(back));

    private IResult Code(HttpContext http, string ticket, string back, string? said = null, int status = StatusCodes.Status200OK) => Page.Of(http, "Code", Html.Of($"""
        <main class="narrow">
        <h1>Code of your authenticator</h1>
        {Said(said)}
        <form method="post" action="/account/code">
        {browser.Field(http)}<input type="hidden" name="return" value="{back}"><input type="hidden" name="ticket" value="{ticket}">
        <label for="code">The six digits, or one of your recovery codes</label>
        <input id="code" name="code" inputmode="text" autocomplete="one-time-code" required autofocus>
        <button>Go on</button>
        </form>
        </main>
        """), status, Authorize.LeadsTo(back));

    public static Html Said(string? text) => text is null ? Html.None : Html.Of($"""<p class="said bad" role="alert">{text}</p>""");
}

// /account, /account/invitation, /account/second-factor -> what a person does with its own account, without a script
using System.Globalization;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.Pages;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.SignIn;

public sealed class AccountPages(
    ModuleContext module, Browser browser, BrowserSessions sessions, AcceptInvitationRoute invitations, OwnPassword own, SecondFactors factors, bool signsInElsewhere)
{
    private delegate Task<IResult> ForMe(HttpContext http, OAuthForm form, SignedIn me, CancellationToken cancel);

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/account", async (HttpContext http, CancellationToken cancel) =>
            await sessions.FindAsync(http, cancel) is { } me ? await AccountAsync(http, me, null, cancel) : new SeeOther(ReturnTo.SignIn(ReturnTo.Account))).ExcludeFromDescription();
        app.MapGet("/account/invitation", async (HttpContext http, CancellationToken cancel) => await InvitationAsync(http, http.Request.Query["token"], null, cancel)).ExcludeFromDescription();
        app.MapPost("/account/invitation", AcceptAsync).DisableAntiforgery().ExcludeFromDescription();
        Post(app, "/account/signout", async (http, _, me, cancel) =>
        {
            await EndAsync(me, me.SessionId, cancel);
            await sessions.EndAsync(http, cancel);
            return new SeeOther(ReturnTo.SignIn(ReturnTo.Account));
        });
        Post(app, "/account/sessions/revoke", async (_, form, me, cancel) =>
        {
            await EndAsync(me, form.Field("session"), cancel);
            return new SeeOther(ReturnTo.Account);
        });
        Post(app, "/account/password", async (http, form, me, cancel) =>
        {
            var no = await own.ChangeAsync(http, me, form.Field("current"), form.Field("new"), cancel);
            return await AccountAsync(http, me, no?.Detail ?? "Your password is changed; all other sessions are over.", cancel, no);
        });
        Post(app, "/account/second-factor", async (http, form, me, cancel) =>
        {
            var (offered, no) = await factors.OfferAsync(http, me, form.Field("password"), cancel);
            return offered is null ? await AccountAsync(http, me, no!.Detail, cancel, no) : Offer(http, offered, null);
        });
        Post(app, "/account/second-factor/confirm", async (http, form, me, cancel) =>
        {
            var (given, no) = await factors.ConfirmAsync(me, form.Field("setup"), form.Field("code"), cancel);
            if (given is not null)
                return Given(http, given);
            return no == SetSecondFactor.WrongCode && await factors.AgainAsync(me, form.Field("setup"), cancel) is { } again ? Offer(http, again, no.Detail) : await AccountAsync(http, me, no!.Detail, cancel, no);
        });
        Post(app, "/account/second-factor/remove", async (http, form, me, cancel) =>
        {
            var no = await factors.RemoveAsync(http, me, form.Field("password"), form.Field("code"), cancel);
            return await AccountAsync(http, me, no?.Detail ?? "Your password alone signs you in again.", cancel, no);
        });
    }

    private void Post(IEndpointRouteBuilder app, string path, ForMe what) => app.MapPost(path, async (HttpContext http, CancellationToken cancel) =>
    {
        var (form, _) = await OAuthForm.ReadAsync(http.Request, cancel);
        return form is not null && browser.Sent(http, form) && await sessions.FindAsync(http, cancel) is { } me
            ? await what(http, form, me, cancel)
            : new SeeOther(ReturnTo.Account);
    }).DisableAntiforgery().ExcludeFromDescription();

    private async Task<IResult> AcceptAsync(HttpContext http, CancellationToken cancel)
    {
        var (form, _) = await OAuthForm.ReadAsync(http.Request, cancel);
        var token = form?.Field("token");
        if (form is null || !browser.Sent(http, form))
            return await InvitationAsync(http, token, "This page was open too long, or came from elsewhere. Please try again.", cancel);
        if (form.Field("password") != form.Field("again"))
            return await InvitationAsync(http, token, "The two passwords differ.", cancel);
        var refusal = await invitations.AcceptAsync(new(token ?? "", form.Field("password") ?? ""), cancel);
        return refusal is null ? new SeeOther(ReturnTo.SignIn(ReturnTo.Account)) : await InvitationAsync(http, token, refusal.Detail, cancel);
    }

    private async Task<IResult> InvitationAsync(HttpContext http, string? token, string? said, CancellationToken cancel)
    {
        if (await invitations.FindAsync(token, cancel) is not { } known)
            return Page.Of(http, "Invitation", Html.Of($"""<main class="narrow"><h1>This invitation is over</h1><p class="said bad">{AcceptInvitation.Unknown.Detail}</p></main>"""), StatusCodes.Status404NotFound);
        var who = await PersonAsync(known, cancel);
        if (signsInElsewhere)
            return Page.Of(http, "Invitation", Html.Of($"""<main class="narrow"><h1>Welcome, {who.Name}</h1><p>You sign in with your own organisation, as <strong>{who.Email}</strong>.</p><p><a href="{ReturnTo.SignIn(ReturnTo.Account)}">Sign in</a></p></main>"""));
        return Page.Of(http, "Invitation", Html.Of($"""
            <main class="narrow">
            <h1>Welcome, {who.Name}</h1>
            {SignInPages.Said(said)}
            <p>Choose a password. You will sign in with <strong>{who.Email}</strong>.</p>
            <form method="post" action="/account/invitation">
            {browser.Field(http)}<input type="hidden" name="token" value="{token}">
            <input type="hidden" name="username" value="{who.Email}">
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="new-password" required minlength="{PasswordRule.Shortest}" aria-describedby="rule" autofocus>
            <p class="soft" id="rule">{PasswordRule.Shortest} characters at least, any characters. Four words that have nothing to do with each other make a good one.</p>
            <label for="again">Once more</label>
            <input id="again" name="again" type="password" autocomplete="new-password" required>
            <button>Go on</button>
            </form>
            </main>
            """), said is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private async Task<IResult> AccountAsync(HttpContext http, SignedIn me, string? said, CancellationToken cancel, Refusal? refusal = null)
    {
        var who = await PersonAsync(me.Known, cancel);
        var now = await sessions.FindAsync(http, cancel) ?? me;
        return Page.Of(http, "Your account", Html.Of($"""
            <main>
            <h1>{who.Name}</h1>
            {(said is null ? Html.None : Html.Of($"""<p class="said {(refusal is null ? "" : "bad")}" role="status">{said}</p>"""))}
            <p>{who.Email} · {who.Role} · {me.Known.Home.Tenant ?? me.Known.Home.Provider ?? "platform"}</p>
            <h2>Where you are signed in</h2>
            <table><tr><th>Since</th><th>Last used</th><th>Programs</th><th></th></tr>
            {Html.All(MeRoutes.SessionsOf(now, module.Clock.GetUtcNow()).Items.Select(one => Row(http, one)))}
            </table>
            {(now.Person.Password is null ? Html.None : Secrets(http, now))}
            <form method="post" action="/account/signout">{browser.Field(http)}<button>Sign out</button></form>
            </main>
            """), refusal?.Status ?? StatusCodes.Status200OK);
    }

    private Html Row(HttpContext http, ListedSession one) => Html.Of($"""
        <tr><td>{Time(one.SignedInAt)}</td><td>{Time(one.LastUsedAt)}</td><td>{string.Join(", ", one.Clients)}{(one.IsThis ? " (this browser)" : "")}</td>
        <td><form method="post" action="/account/sessions/revoke">{browser.Field(http)}<input type="hidden" name="session" value="{one.SessionId}"><button class="plain">End</button></form></td></tr>
        """);

    private Html Secrets(HttpContext http, SignedIn me) => Html.Of($"""
        <h2>Second factor</h2>
        {(me.Person.SecondFactor is { } factor ? Html.Of($"""
        <p>Signing in takes a code of your authenticator. {factor.Recovery.Count} recovery codes are left.</p>
        <form method="post" action="/account/second-factor/remove">{browser.Field(http)}
        <label for="r-password">Password</label><input id="r-password" name="password" type="password" autocomplete="current-password" required>
        <label for="r-code">Code</label><input id="r-code" name="code" autocomplete="one-time-code" required>
        <button class="plain">Remove it</button></form>
        """) : Html.Of($"""
        <p>With an authenticator app on your telephone, your password alone opens nothing.</p>
        <form method="post" action="/account/second-factor">{browser.Field(http)}
        <label for="s-password">Password</label><input id="s-password" name="password" type="password" autocomplete="current-password" required>
        <button class="plain">Set it up</button></form>
        """))}
        <h2>Password</h2>
        <form method="post" action="/account/password">{browser.Field(http)}
        <label for="current">The one you have</label><input id="current" name="current" type="password" autocomplete="current-password" required>
        <label for="new">A new one, {PasswordRule.Shortest} characters at least</label><input id="new" name="new" type="password" autocomplete="new-password" required minlength="{PasswordRule.Shortest}">
        <button class="plain">Change it</button></form>
        """);

    private IResult Offer(HttpContext http, OfferedFactor offered, string? said) => Page.Of(http, "Second factor", Html.Of($"""
        <main class="narrow">
        <h1>Second factor</h1>
        {SignInPages.Said(said)}
        <ol><li>Scan this with an authenticator app.</li><li>Type the six digits it shows.</li></ol>
        {QrCode.Of(offered.Address, "QR code for an authenticator app")}
        <p class="soft">Nothing to scan with? Type this into the app: <code>{offered.Secret}</code></p>
        <form method="post" action="/account/second-factor/confirm">{browser.Field(http)}<input type="hidden" name="setup" value="{offered.Setup}">
        <label for="code">Code</label><input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus>
        <button>Go on</button></form>
        </main>
        """), said is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);

    private static IResult Given(HttpContext http, GivenFactor given) => Page.Of(http, "Recovery codes", Html.Of($"""
        <main class="narrow">
        <h1>Keep these codes</h1>
        <p>Each signs you in once when your telephone is not at hand. They are shown now and never again.</p>
        <pre>{string.Join('\n', given.RecoveryCodes)}</pre>
        <p><a href="/account">I have kept them</a></p>
        </main>
        """));

    private async Task<ListedPerson> PersonAsync(KnownPerson known, CancellationToken cancel)
    {
        await using var query = module.Store.QuerySession([known.Home.StoreTenant]);
        return ListedPerson.Of((await query.LoadAsync<PersonRow>(known.Home.StoreTenant, known.Id, cancel))!, known.Key);
    }

    private Task EndAsync(SignedIn me, string? session, CancellationToken cancel) => session is null ? Task.CompletedTask : module.DecideAsync<Person, PersonEvent>(
        me.Known.Home.StoreTenant, me.Known.Stream, person => EndSession.Decide(session, me.Known.Id, person, module.Clock.GetUtcNow()), cancel);

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}

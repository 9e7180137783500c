// GET /device?user_code= -> what approving means -> signed in: whose key it is -> POST: ApproveEnrolment or DenyEnrolment
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.Pages;
using Fleet.Identity.People;
using Fleet.Identity.Providers;
using Fleet.Identity.SignIn;
using Fleet.Identity.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Enrolments;

/// <summary>
/// Where a QR code leads (RFC 8628 §3.3.1). To who is not signed in it says what approving means and looks nothing up, so it tells nobody which codes are good. Who is signed in, and may, approves or denies here.
/// </summary>
public sealed class DevicePage(ModuleContext module, UserCodes codes, Browser browser, BrowserSessions sessions)
{
    private readonly string _origin = Origins.Of(module.Settings).Public;

    public static DevicePage Open(ModuleContext module, UserCodes codes)
    {
        var keys = new PersonKeys(module, PeopleKey.Open(module.Settings));
        var browser = new Browser(module.Settings, keys.People);
        return new(module, codes, browser, new(module, keys, browser));
    }

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/device", ShowAsync).ExcludeFromDescription();
        app.MapPost("/device", TakeAsync).DisableAntiforgery().ExcludeFromDescription();
    }

    private async Task<IResult> ShowAsync(HttpContext http, CancellationToken cancel)
    {
        string? typed = http.Request.Query["user_code"];
        var signedIn = await sessions.FindAsync(http, cancel);
        var how = signedIn is null ? DeviceWords.Elsewhere(_origin, typed) : await DecideHereAsync(http, await CallerAsync(signedIn, cancel), typed, http.Request.Query["tenant"], cancel);
        return Page.Of(http, "Enrol an agent", DeviceWords.Of(typed, how));
    }

    private async Task<IResult> TakeAsync(HttpContext http, CancellationToken cancel)
    {
        var (form, _) = await OAuthForm.ReadAsync(http.Request, cancel);
        if (form is null || !browser.Sent(http, form) || await sessions.FindAsync(http, cancel) is not { } signedIn)
            return new SeeOther("/device");
        var caller = await CallerAsync(signedIn, cancel);
        var (said, refusal) = await DecideAsync(http, form, caller, cancel);
        return Page.Of(http, "Enrol an agent", Html.Of($"""<main class="narrow"><h1>{(refusal is null ? said : "Nothing is decided")}</h1>{SignInPages.Said(refusal?.Detail)}<p><a href="/device">Another code</a></p></main>"""), refusal?.Status ?? StatusCodes.Status200OK);
    }

    private async Task<(string? Said, Refusal? Refusal)> DecideAsync(HttpContext http, OAuthForm form, Caller caller, CancellationToken cancel)
    {
        if (!caller.May(Right.EnrolAgents))
            return (null, Problems.MissingRight(Right.EnrolAgents));
        var tenant = form.Field("tenant") ?? "";
        if (!await codes.MayDecideForAsync(tenant, caller, cancel))
            return (null, Problems.UnknownTenant(tenant));
        if (await Whereabouts.OfAsync(module, tenant, reads: false, cancel) is { } elsewhere)
            return (null, elsewhere.Refusal);
        var (row, unknown) = await codes.FindAsync(form.Field("user_code"), caller, http, cancel);
        if (row is null)
            return (null, unknown);
        if (form.Field("decision") != "approve")
            return await DenyEnrolmentRoute.DenyAsync(module, row, tenant, caller.Id, cancel) is { } no ? (null, no) : ("The agent is turned away", null);
        var (approved, refusal) = await ApproveEnrolmentRoute.ApproveAsync(module, row, new(form.Field("user_code")!, form.Field("site") ?? "", KeyId: form.Field("key")), tenant, caller.Id, cancel);
        return approved is null ? (null, refusal) : ($"{approved.AgentId} is let in", null);
    }

    private async Task<Html> DecideHereAsync(HttpContext http, Caller caller, string? typed, string? chosen, CancellationToken cancel)
    {
        if (!caller.May(Right.EnrolAgents))
            return Html.Of($"""<p class="said bad">You are signed in, and your role ({caller.Roles[0]}) does not let agents in.</p>""");
        if (UserCode.Read(typed) is not { } code)
            return DeviceWords.Ask(typed);
        var (row, refusal) = await codes.FindAsync(typed, caller, http, cancel);
        if (row is null)
            return Html.Of($"{SignInPages.Said(refusal!.Detail)}{DeviceWords.Ask(null)}");
        if ((caller.Tenants is [var only] ? only : caller.Tenants.FirstOrDefault(one => one == chosen)) is not { } tenant)
            return DeviceWords.Choose(UserCode.Shown(code), caller.Tenants);
        await using var query = module.Store.QuerySession([tenant]);
        return DeviceWords.Decide(browser.Field(http), UserCode.Shown(code), row.KeyId, tenant, await query.QueryAsync<SiteRow>("order by key", null, cancel));
    }

    private async Task<Caller> CallerAsync(SignedIn who, CancellationToken cancel)
    {
        var home = who.Known.Home;
        IReadOnlyList<string> tenants = home.Tenant is { } own ? [own] : home.Provider is { } provider ? await Customers.OfAsync(module, provider, cancel) : [];
        return new(who.Known.Id, [who.Person.Role], home.Provider, tenants);
    }
}

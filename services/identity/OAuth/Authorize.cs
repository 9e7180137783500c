// GET /oauth/authorize -> who is signed in (else /account/signin) -> a code, by way of the browser, to the client's own address
using Fleet.Defaults;
using Fleet.Identity.Clients;
using Fleet.Identity.Pages;
using Fleet.Identity.SignIn;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.WebUtilities;

namespace Fleet.Identity.OAuth;

/// <summary>
/// The authorization endpoint (RFC 6749 §4.1 as OAuth 2.1 narrows it). Clients are our own, so nobody is asked for consent to them. To an address that is not the client's own nobody is ever sent.
/// </summary>
public sealed class Authorize(ModuleContext module, BrowserSessions sessions, Codes codes)
{
    public const string Path = "/oauth/authorize";

    private readonly string _issuer = module.Settings["FLEET_ISSUER"]!;

    public void Map(IEndpointRouteBuilder app) =>
        app.MapGet(Path, AnswerAsync)
            .WithName("Authorize").WithSummary("A person signs in and is sent back to the client with a code (RFC 6749 §4.1, RFC 7636)")
            .WithDescription("For browsers. `response_type=code`, `client_id`, `redirect_uri` as registered, `code_challenge` with `code_challenge_method=S256`, `state`; and `scope`, `nonce`, `prompt` (`none`, `login`), `login_hint`, `max_age`. The answer goes to `redirect_uri` with `code`, `state` and `iss` (RFC 9207), or with `error`.")
            .Produces<string>(StatusCodes.Status303SeeOther, "text/html").Produces<string>(StatusCodes.Status400BadRequest, "text/html");

    private async Task<IResult> AnswerAsync(HttpContext http, CancellationToken cancel)
    {
        var query = http.Request.Query.ToDictionary(one => one.Key, one => (IReadOnlyList<string>)[.. one.Value.OfType<string>()]);
        var (request, error, fault) = ReadAuthorization.Decide(query, await ClientAsync(query, cancel));
        if (fault is not null)
            return Page.Of(http, "Not possible", Html.Of($"""<main class="narrow"><h1>This does not lead anywhere</h1><p class="said bad">{fault}</p><p>Close this window, and start again from the program itself.</p></main>"""), StatusCodes.Status400BadRequest);
        if (request is null)
            return Back(error!);

        var signedIn = await sessions.FindAsync(http, cancel);
        var isFresh = signedIn is not null && !request.Prompt.Any(word => word is "login" or "select_account") && (request.MaxAge is not { } most || module.Clock.GetUtcNow() - signedIn.Session.At <= most);
        if (!isFresh)
            return request.Prompt.Contains("none")
                ? Back(new(request.Redirect, request.State, "login_required", "Nobody is signed in here, or not as lately as asked for."))
                : SignIn(http, request);

        if (PersonClaims.ScopeOf(signedIn!.Person.Role, request.Scope) is [])
            return Back(new(request.Redirect, request.State, "invalid_scope", "Nothing of the scope is this person's to have."));
        var code = await codes.NewAsync(request, signedIn.Known.Id, signedIn.SessionId, cancel);
        return To(request.Redirect, ("code", code), ("state", request.State), ("iss", _issuer));
    }

    /// <summary>
    /// Back here afterwards, without what has been done by then. Whoever takes `prompt` out by hand skips nothing that guards him: a client that needs to know asks for the time of the sign-in (`auth_time`).
    /// </summary>
    private static SeeOther SignIn(HttpContext http, AuthorizationRequest request)
    {
        var rest = http.Request.Query.Where(one => one.Key is not ("prompt" or "max_age")).SelectMany(one => one.Value.Select(value => KeyValuePair.Create(one.Key, value)));
        var address = ReturnTo.SignIn(QueryHelpers.AddQueryString(Path, rest!));
        if (request.Prompt.Contains("login") || request.MaxAge is not null)
            address = QueryHelpers.AddQueryString(address, "prompt", "login"); // for another issuer, which may know the person still
        return new(request.LoginHint is { } hint ? QueryHelpers.AddQueryString(address, "login_hint", hint) : address);
    }

    private async Task<Client> ClientAsync(Dictionary<string, IReadOnlyList<string>> query, CancellationToken cancel)
    {
        if (!query.TryGetValue("client_id", out var named) || named is not [{ Length: > 0 and <= 128 } id])
            return Client.None;
        await using var session = module.Store.LightweightSession(StoreTenants.Platform);
        return (await session.Events.FetchForWriting<Client>(Client.Key(id), cancel)).Aggregate;
    }

    /// <summary>Where a form that leads back to this endpoint ends up, for the page's policy.</summary>
    public static string? LeadsTo(string path) =>
        path.StartsWith(Path + "?", StringComparison.Ordinal) && QueryHelpers.ParseQuery(path[Path.Length..]).TryGetValue("redirect_uri", out var redirect)
            && redirect is [{ } text] && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Authority.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']')
            ? uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : $"{uri.Scheme}:"
            : null;

    private SeeOther Back(AuthorizationError error) => To(error.Redirect, ("error", error.Error), ("error_description", error.Description), ("state", error.State), ("iss", _issuer));

    private static SeeOther To(string redirect, params (string Key, string? Value)[] answer) =>
        new(QueryHelpers.AddQueryString(redirect, answer.Where(one => one.Value is not null).Select(one => KeyValuePair.Create(one.Key, one.Value))));
}

using System.Buffers.Text;
using System.Security.Cryptography;
using Fleet.Identity.OAuth;
using Fleet.Identity.Pages;
using Fleet.Identity.People;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Fleet.Identity.SignIn;

/// <summary>
/// Cookies and forms of our own pages. Cookies: no script reads them, none goes along with another site's requests (Lax: only when somebody follows a link here), over TLS only and under the prefix
/// <c>__Host-</c> wherever this service is reached by https; a laptop's http://127.0.0.1 has neither. A form holds a token made from the browser's own form cookie: another site can send neither.
/// </summary>
public sealed class Browser(IConfiguration settings, PeopleKey key)
{
    private const string FormField = "form";

    private readonly bool _tls = Origins.Of(settings).Public.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    private string SessionCookie => _tls ? "__Host-fleet" : "fleet";

    private string TripCookie => _tls ? "__Host-fleet-trip" : "fleet-trip";

    private string FormCookie => _tls ? "__Host-fleet-form" : "fleet-form";

    public string? Session(HttpContext http) => http.Request.Cookies[SessionCookie] is { Length: > 0 and <= 128 } text ? text : null;

    public void SetSession(HttpContext http, string text) => http.Response.Cookies.Append(SessionCookie, text, Rules());

    public void ForgetSession(HttpContext http) => http.Response.Cookies.Delete(SessionCookie, Rules());

    /// <summary>What is remembered while the browser is at another issuer; gone once it is read.</summary>
    public string? TakeTrip(HttpContext http)
    {
        http.Response.Cookies.Delete(TripCookie, Rules());
        return http.Request.Cookies[TripCookie];
    }

    public void SetTrip(HttpContext http, string text, TimeSpan life)
    {
        var rules = Rules();
        rules.MaxAge = life;
        http.Response.Cookies.Append(TripCookie, text, rules);
    }

    /// <summary>The hidden field each form of ours carries.</summary>
    public Html Field(HttpContext http)
    {
        if (Own(http) is not { } own)
        {
            own = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));
            http.Response.Cookies.Append(FormCookie, own, Rules());
            http.Items[FormCookie] = own;
        }
        return Html.Of($"""<input type="hidden" name="{FormField}" value="{Token(http, own)}">""");
    }

    /// <summary>Whether a form came from a page of ours in this very browser.</summary>
    public bool Sent(HttpContext http, OAuthForm form) =>
        http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
        && Own(http) is { } own && form.Field(FormField) is { } token
        && CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(Token(http, own)), System.Text.Encoding.UTF8.GetBytes(token));

    /// <summary>What this browser is told apart by while nobody is signed in.</summary>
    public string? Own(HttpContext http) => http.Items[FormCookie] as string ?? (http.Request.Cookies[FormCookie] is { Length: > 0 and <= 64 } text ? text : null);

    // Of the session, too: a form made before somebody else signed in is not that somebody's.
    private string Token(HttpContext http, string own) => key.Sign(FormField, $"{own}\n{Session(http)}");

    private CookieOptions Rules() => new() { HttpOnly = true, Secure = _tls, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}

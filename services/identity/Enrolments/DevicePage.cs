// GET /device?user_code= -> a page that says what approving means and how it is done
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Enrolments;

/// <summary>
/// Where a QR code leads (RFC 8628 §3.3.1). Without a sign-in it looks nothing up, so it tells nobody which codes are good; it has no script, no form and loads nothing.
/// </summary>
public static class DevicePage
{
    private static readonly string Page = Read();

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Between(Page, "<style>", "</style>"))))}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static string Of(string origin, string? typed)
    {
        // Only what has the form of a code is repeated: nobody writes his own words onto this page.
        var code = UserCode.Read(typed) is { } read ? UserCode.Shown(read) : null;
        var shown = code is not null ? $"<small>its code</small><strong>{code}</strong>"
            : typed is null or "" ? "<em>The code stands on the screen of the machine.</em>"
            : "<em>That is no code: it has eight letters, as in BCDF-GHJK.</em>";
        return Page.Replace("{{code}}", shown, StringComparison.Ordinal)
            .Replace("{{word}}", code ?? "CODE", StringComparison.Ordinal)
            .Replace("{{origin}}", WebUtility.HtmlEncode(origin), StringComparison.Ordinal);
    }

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var origin = Origins.Of(module.Settings).Public;
        app.MapGet("/device", (HttpContext http) =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = Policy;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "no-referrer";
            headers.CacheControl = "no-store";
            return Results.Content(Of(origin, http.Request.Query["user_code"]), "text/html; charset=utf-8");
        }).ExcludeFromDescription();
    }

    private static string Read()
    {
        using var page = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("device.html")!);
        return page.ReadToEnd();
    }

    private static string Between(string text, string begin, string end) => text[(text.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..text.IndexOf(end, StringComparison.Ordinal)];
}

using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.Pages;

/// <summary>
/// A page of identity's own: no script, nothing loaded, one style, named by its hash; never in a frame (clickjacking), never kept. Its address goes to nobody else, because it may hold an invitation.
/// </summary>
public static class Page
{
    private static readonly string Frame = Read();

    private static readonly string Style = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Between(Frame, "<style>", "</style>"))))}'";

    /// <param name="formsTo">Where forms lead in the end besides here: browsers hold form-action against each redirect that follows.</param>
    public static IResult Of(HttpContext http, string title, Html body, int status = StatusCodes.Status200OK, string? formsTo = null)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = $"default-src 'none'; style-src {Style}; base-uri 'none'; form-action 'self'{(formsTo is null ? "" : $" {formsTo}")}; frame-ancestors 'none'";
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return Results.Content(Whole(title, body), "text/html; charset=utf-8", statusCode: status);
    }

    public static string Whole(string title, Html body) =>
        Frame.Replace("{{title}}", Html.Of($"{title}").Text, StringComparison.Ordinal).Replace("{{body}}", body.Text, StringComparison.Ordinal);

    private static string Read()
    {
        using var page = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("page.html")!);
        return page.ReadToEnd();
    }

    private static string Between(string text, string begin, string end) => text[(text.IndexOf(begin, StringComparison.Ordinal) + begin.Length)..text.IndexOf(end, StringComparison.Ordinal)];
}

// Texts/{version}.{language}.md -> GET /.well-known/fleet-consent-texts/{version}/{language}
using System.ComponentModel;
using System.Text;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Consent.Consents;

/// <summary>Every text anybody ever agreed to, at an address that stays; its bytes are those whose SHA-256 a consent names. Open to all: who holds a receipt may read what it is about.</summary>
public static class ConsentTextRoute
{
    public static string PathOf(string version, string language) => $"/.well-known/fleet-consent-texts/{version}/{language}";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet(PathOf("{version}", "{language}"), (
            [Description("Of the text: `1`.")] string version, [Description("`en`, `de`, `fr` or `sv`.")] string language, HttpContext http) =>
        {
            if (ConsentText.Find(version, language) is not { } text)
                return Refusal.Unknown("unknown-text", $"There is no text '{version}' in '{language}'.").ToResult();
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            http.Response.Headers.ETag = $"\"{text.Hash}\"";
            return Results.Bytes(Encoding.UTF8.GetBytes(text.Text), "text/markdown; charset=utf-8");
        })
        .WithName("GetConsentText").WithSummary("The text of a consent, in one version and language, as it was agreed to").Produces<string>(contentType: "text/markdown");
}

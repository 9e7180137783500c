using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <summary>What all OAuth endpoints answer alike.</summary>
public static class OAuthAnswer
{
    /// <summary>RFC 6749 §5.1: tokens and codes stay out of every cache.</summary>
    public static void NotToBeKept(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
    }

    public static IResult ToResult(this TokenError error, HttpContext http)
    {
        if (error.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"fleet\"";
        if (error.RetryAfter is { } seconds)
            http.Response.Headers.RetryAfter = $"{seconds}";
        return Results.Json(error, statusCode: error.Status);
    }
}

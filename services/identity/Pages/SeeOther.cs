using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.Pages;

/// <summary>303: the browser goes on with GET, so that a password is never posted further (RFC 9700 §4.12).</summary>
internal sealed record SeeOther(string Location) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Location;
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.Headers["Referrer-Policy"] = "no-referrer";
        return Task.CompletedTask;
    }
}

// answered request of a verified token -> refused for want of a right, purpose, consent, or at a tenant's wall? -> CountedRefusals of the module that answered
using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Defaults;

/// <summary>
/// Looks at what every request was answered, whoever refused it: <see cref="Requirements"/>, a handler, a gRPC call. Kept is the template of the route, never the address; of what a caller types only the
/// name of a tenant, when it could be one.
/// </summary>
internal static class NoteRefusals
{
    private const int LongestTenant = 40;

    public static void UseRefusalNotes(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
        }
        finally
        {
            Note(http);
        }
    });

    private static void Note(HttpContext http)
    {
        if (http.User.Identity?.IsAuthenticated == true && http.GetEndpoint() is RouteEndpoint route && route.Metadata.GetMetadata<RunningModule>() is { } module && RefusedFor(http) is { } refusal)
            module.Refusals.Add(Key(http.User, refusal, $"{http.Request.Method} {route.RoutePattern.RawText}"), module.Context.Clock.GetUtcNow());
    }

    /// <summary>Null for what is answered, and for what is refused for another reason than who asks.</summary>
    private static Refusal? RefusedFor(HttpContext http) =>
        http.Features.Get<Refusal>() is { } refusal && (refusal.Status == StatusCodes.Status403Forbidden || refusal.Type == Problems.UnknownTenantType) ? refusal
        : http.Response.StatusCode == StatusCodes.Status403Forbidden ? Refusal.Forbidden("forbidden", "")
        : Hidden(http);

    // A thing of another's is no thing, and a list of another's is empty: neither says so, but who named the tenant has asked for it.
    private static Refusal? Hidden(HttpContext http)
    {
        if (http.Features.Get<Caller>() is not { } caller || !http.GetEndpoint()!.Metadata.OfType<Right>().Any())
            return null;
        var tenant = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => TenantOfRequest.Of(http.Request.Path, http.Request.Query),
            StatusCodes.Status200OK => http.Request.Query["tenant"] is [{ Length: > 0 } asked] ? asked : null,
            _ => null,
        };
        return tenant is null || caller.Sees(tenant) ? null : caller.Unseen(tenant);
    }

    private static RefusalKey Key(ClaimsPrincipal user, Refusal refusal, string route)
    {
        var (by, roles) = (user.FindFirstValue("sub"), user.FindAll("roles").Select(role => role.Value).Order(StringComparer.Ordinal).ToList());
        // RFC 9068 §2.2: a client that acts for itself is its own subject.
        var kind = roles.Contains("agent") ? "agent" : user.FindFirstValue("client_id") == by ? "client" : "person";
        return new(House.Of(user), kind, by, string.Join(' ', roles), refusal.Type, refusal.Missing, CouldBeTenant(refusal.Tenant) ? refusal.Tenant : null, route);
    }

    private static bool CouldBeTenant(string? name) => name is { Length: > 0 and <= LongestTenant } && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}

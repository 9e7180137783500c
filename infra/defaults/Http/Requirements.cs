using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Defaults;

/// <summary>How a route says who may call it.</summary>
public static class Requirements
{
    /// <summary>A valid token (else 401), whatever it allows: for what is the caller's own.</summary>
    public static RouteHandlerBuilder RequiresToken(this RouteHandlerBuilder route) => route.RequireAuthorization().WithMetadata(new NeedsToken());

    /// <summary>
    /// A valid token (else 401), with the right (else 403), for the tenant in the route value <c>t</c> or the query's <c>tenant</c> when there is one (else 404, or 403 when it is the
    /// provider's own customer and does not allow it), by a client registered for the purpose (else 403).
    /// </summary>
    public static RouteHandlerBuilder Requires(this RouteHandlerBuilder route, Right right) => route
        .RequireAuthorization()
        .WithMetadata(right)
        .AddEndpointFilter(async (context, next) =>
        {
            var caller = await NarrowCaller.OfAsync(context.HttpContext);
            if (Refused(caller, right) is { } refusal)
                return refusal.ToResult();
            if (context.HttpContext.GetRouteValue("t") is string tenant && !caller.Sees(tenant))
                return caller.Unseen(tenant).ToResult();
            // A list of one tenant that does not allow it would look like an empty one.
            if (context.HttpContext.Request.Query["tenant"] is [{ } asked] && caller.Withheld?.ContainsKey(asked) == true)
                return caller.Unseen(asked).ToResult();
            var answer = await next(context);
            // What a write names by an id of its own may be a tenant's that is on its way: "not found" would be a lie.
            return answer is IStatusCodeHttpResult { StatusCode: StatusCodes.Status404NotFound } && caller.Moving?.Values.FirstOrDefault() is { } where && !WrongRegion.Reads(context.HttpContext)
                ? where.ToResult(context.HttpContext) : answer;
        });

    /// <summary>What a token refuses whatever tenant is asked for; null when it refuses nothing.</summary>
    public static Refusal? Refused(Caller caller, Right right) =>
        !caller.May(right) ? Problems.MissingRight(right)
        : Purposes.Of(right) is { AnyOf.Count: > 0 } needed && caller.Purposes is { } own && !needed.AnyOf.Any(own.Contains) ? Problems.MissingPurpose(needed, own)
        : null;
}

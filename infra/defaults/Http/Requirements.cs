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
    /// A valid token (else 401), with the right (else 403), for the tenant in the route value <c>t</c> when there is one (else 404).
    /// </summary>
    public static RouteHandlerBuilder Requires(this RouteHandlerBuilder route, Right right) => route
        .RequireAuthorization()
        .WithMetadata(right)
        .AddEndpointFilter(async (context, next) =>
        {
            var caller = Caller.Of(context.HttpContext.User);
            if (!caller.May(right))
                return Problems.MissingRight(right).ToResult();
            if (context.HttpContext.GetRouteValue("t") is string tenant && !caller.Sees(tenant))
                return Problems.UnknownTenant(tenant).ToResult();
            return await next(context);
        });
}

using Microsoft.AspNetCore.Builder;

namespace Fleet.Defaults;

/// <summary>Put on a route by <see cref="Idempotency"/>.</summary>
internal sealed record TakesIdempotencyKey;

/// <summary>Put on a route by <see cref="Requirements.RequiresToken"/>.</summary>
internal sealed record NeedsToken;

/// <summary>The fields of a form that a route reads by itself.</summary>
internal sealed record FormBody(Type Form);

public static class RouteMarks
{
    /// <summary>For the document only: the route reads the form by itself and refuses what is none in words of its own.</summary>
    public static RouteHandlerBuilder ReadsForm<TForm>(this RouteHandlerBuilder route) => route.WithMetadata(new FormBody(typeof(TForm)));
}

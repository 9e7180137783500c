using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>Who calls, as the verified access token says; a parameter of any route.</summary>
/// <param name="Id">The token's <c>sub</c>.</param>
/// <param name="Provider">The provider the caller works for; null for a customer's people.</param>
/// <param name="Tenants">The only tenants this caller can name, see or touch.</param>
/// <param name="Site">Of agents: the one site they stand at.</param>
/// <param name="Scope">Narrows the roles' rights when the token's owner asked for less (RFC 6749 §3.3); null: not narrowed.</param>
public sealed record Caller(string Id, IReadOnlyList<string> Roles, string? Provider, IReadOnlyList<string> Tenants, IReadOnlyList<string>? Scope = null, string? Site = null)
{
    public bool May(Right right) =>
        Roles.Any(role => Rights.Allow(role, right)) && (Scope is null || Scope.Contains(Rights.NameOf(right), StringComparer.Ordinal));

    public bool Sees(string tenant) => Tenants.Contains(tenant, StringComparer.Ordinal);

    /// <summary>All of the caller's tenants, or the one asked for when the caller sees it, or none.</summary>
    public IReadOnlyList<string> Among(string? tenant) =>
        tenant is null ? Tenants : Sees(tenant) ? [tenant] : [];

    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue("sub") ?? "",
        [.. user.FindAll("roles").Select(c => c.Value)],
        user.FindFirstValue("provider"),
        [.. user.FindAll("tenants").Select(c => c.Value)],
        user.FindFirstValue("scope")?.Split(' '),
        user.FindFirstValue("site"));

    public static ValueTask<Caller?> BindAsync(HttpContext http) => ValueTask.FromResult<Caller?>(Of(http.User));
}

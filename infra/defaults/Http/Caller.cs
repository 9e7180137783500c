using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>Who calls, as the verified access token says; a parameter of any route.</summary>
/// <param name="Id">The token's <c>sub</c>.</param>
/// <param name="Provider">The provider the caller works for; null for a customer's people.</param>
/// <param name="Tenants">The only tenants this caller can name, see or touch.</param>
/// <param name="Site">Of agents: the one site they stand at.</param>
/// <param name="Purposes">What a client is registered for; null: not bounded (people).</param>
/// <param name="Withheld">Tenants of the token that do not allow what is asked for, each with what is missing; see <see cref="NarrowCaller"/>.</param>
/// <param name="Access">What each tenant of the token allows; null for the customer's own people, and where nothing needs to be allowed.</param>
/// <param name="Moving">Tenants of the token that this request may not touch, because they are on their way to or from another region, each with why; null: none are.</param>
/// <param name="Scope">Narrows the roles' rights when the token's owner asked for less (RFC 6749 §3.3); null: not narrowed.</param>
public sealed record Caller(string Id, IReadOnlyList<string> Roles, string? Provider, IReadOnlyList<string> Tenants, IReadOnlyList<string>? Scope = null, string? Site = null,
    IReadOnlyList<string>? Purposes = null, IReadOnlyDictionary<string, string>? Withheld = null, IReadOnlyDictionary<string, Allowed>? Access = null,
    IReadOnlyDictionary<string, Whereabouts>? Moving = null)
{
    /// <summary>The customer's own people and agents: whose data it is needs nobody's consent. Whoever works for a provider is not, whatever else a token says.</summary>
    public bool IsOfCustomer => Provider is null && Roles.Count > 0 && Roles.All(Rights.IsOfCustomer);


    public bool May(Right right) =>
        Roles.Any(role => Rights.Allow(role, right)) && (Scope is null || Scope.Contains(Rights.NameOf(right), StringComparer.Ordinal));

    public bool Sees(string tenant) => Tenants.Contains(tenant, StringComparer.Ordinal);

    /// <summary>Whether the tenant allows this caller what something needs that the route alone does not say.</summary>
    public bool Sees(string tenant, Needed needed) => Sees(tenant) && (Access is null || needed.Missing(Access[tenant]) is null);

    /// <summary>Why the tenant cannot be seen: it does not allow it (403), or there is none that this token may see (404).</summary>
    public Refusal Unseen(string tenant) =>
        Withheld?.GetValueOrDefault(tenant) is { } missing ? Problems.MissingConsent(tenant, missing) : Problems.UnknownTenant(tenant);

    /// <summary>All of the caller's tenants, or the one asked for when the caller sees it, or none.</summary>
    public IReadOnlyList<string> Among(string? tenant) =>
        tenant is null ? Tenants : Sees(tenant) ? [tenant] : [];

    public static Caller Of(ClaimsPrincipal user) => new(
        user.FindFirstValue("sub") ?? "",
        [.. user.FindAll("roles").Select(c => c.Value)],
        user.FindFirstValue("provider"),
        [.. user.FindAll("tenants").Select(c => c.Value)],
        user.FindFirstValue("scope")?.Split(' '),
        user.FindFirstValue("site"),
        PurposesOf(user));

    public static async ValueTask<Caller?> BindAsync(HttpContext http) => await NarrowCaller.OfAsync(http);

    // An integrator that is registered for nothing may use data for nothing.
    private static string[]? PurposesOf(ClaimsPrincipal user) => user.FindAll("purposes").Select(c => c.Value).ToArray() is var purposes
        && (purposes.Length > 0 || user.FindAll("roles").Any(role => role.Value == Rights.Integrator)) ? purposes : null;
}

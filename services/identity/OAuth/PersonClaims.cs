using Fleet.Defaults;
using Fleet.Identity.People;

namespace Fleet.Identity.OAuth;

/// <summary>What a token says of a person.</summary>
public static class PersonClaims
{
    /// <summary>
    /// All rights of the role; or those of them the client asked for (less is allowed, RFC 6749 §3.3), and of OpenID Connect's words what it asked for. Empty: it asked for rights only that the role has none of.
    /// </summary>
    public static IReadOnlyList<string> ScopeOf(string role, IReadOnlyList<string> asked)
    {
        string[] rights = Rights.ScopeOf(role).Split(' ', StringSplitOptions.RemoveEmptyEntries), words = [ReadAuthorization.OpenId, ReadAuthorization.Email, ReadAuthorization.Profile];
        var wanted = asked.Except(words).ToList();
        return wanted.Count == 0 ? [.. rights, .. words.Intersect(asked)]
            : rights.Intersect(wanted).ToList() is { Count: > 0 } some ? [.. some, .. words.Intersect(asked)]
            : [];
    }

    /// <param name="customers">All tenants of the person's provider, now.</param>
    public static Claims Of(string person, string role, Home home, Grant grant, IReadOnlyList<string> customers) => new(
        person, grant.Client, role, home.Tenant is { } own ? [own] : customers, home.Provider, Site: null, ["fleet"], ScopeOf(role, grant.Scope), grant.Session);
}

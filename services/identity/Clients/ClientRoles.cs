using System.Diagnostics;
using Fleet.Contracts.Consent.V1;
using Fleet.Defaults;

namespace Fleet.Identity.Clients;

/// <summary>What a role acts for, and so what its clients must name.</summary>
public enum ActsFor
{
    Provider,
    Tenant,
    Site,
    Platform,
}

public static class ClientRoles
{
    public const string Agent = "agent";

    private static readonly Dictionary<string, ActsFor> ByRole = new()
    {
        ["provider-admin"] = ActsFor.Provider,
        ["billing"] = ActsFor.Provider,
        ["technician"] = ActsFor.Provider,
        ["viewer"] = ActsFor.Provider,
        ["integrator"] = ActsFor.Provider,
        ["customer-admin"] = ActsFor.Tenant,
        ["customer-viewer"] = ActsFor.Tenant,
        [Agent] = ActsFor.Site,
        ["platform-operator"] = ActsFor.Platform,
    };

    public static IEnumerable<string> All => ByRole.Keys;

    /// <summary>What of a standing is missing, too much or unknown; null when it is whole.</summary>
    public static string? Fault(Standing standing)
    {
        if (standing.Role is null || !ByRole.TryGetValue(standing.Role, out var actsFor))
            return $"there is no role '{standing.Role}'; there are {string.Join(", ", All)}";
        if (standing.Purposes is { } purposes && (standing.Role != Rights.Integrator || purposes.Split(' ').Any(purpose => !ConsentWords.Purposes.Contains(purpose))))
            return $"purposes are an integrator's, one or more of {string.Join(", ", ConsentWords.Purposes)}";
        return (actsFor, standing) switch
        {
            (ActsFor.Provider, { Tenant: null, Site: null, Agent: null }) when Slug.Holds(standing.Provider) => null,
            (ActsFor.Provider, _) => $"{standing.Role} acts for a provider: name its provider ({Slug.Rule}) and nothing else",
            (ActsFor.Tenant, { Provider: null, Site: null, Agent: null }) when Slug.Holds(standing.Tenant) => null,
            (ActsFor.Tenant, _) => $"{standing.Role} acts for a customer: name its tenant ({Slug.Rule}) and nothing else",
            (ActsFor.Site, { Provider: null }) when Slug.Holds(standing.Tenant) && Slug.Holds(standing.Site) && Slug.Holds(standing.Agent) => null,
            (ActsFor.Site, _) => $"an agent acts for a site: name its tenant, site and agent ({Slug.Rule}) and nothing else",
            (ActsFor.Platform, { Provider: null, Tenant: null, Site: null, Agent: null }) => null,
            (ActsFor.Platform, _) => $"{standing.Role} acts for the platform: name nothing else",
            _ => throw new UnreachableException($"{actsFor}"),
        };
    }
}

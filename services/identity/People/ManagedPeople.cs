using Fleet.Defaults;

namespace Fleet.Identity.People;

/// <summary>Who may make whom what. Nobody raises anybody above what he may himself, nor reaches into another's house.</summary>
public static class ManagedPeople
{
    private const string ProviderAdmin = "provider-admin", CustomerAdmin = "customer-admin", Operator = "platform-operator";

    private static readonly string[] Staff = [ProviderAdmin, "billing", "technician", "viewer"], Customers = [CustomerAdmin, "customer-viewer"], Platform = [Operator];

    /// <summary>The roles a person of this home can have.</summary>
    public static IReadOnlyList<string> RolesOf(Home home) => home switch { { Tenant: not null } => Customers, { Provider: not null } => Staff, _ => Platform };

    /// <summary>Whose people the caller manages: those of the house he belongs to.</summary>
    /// <exception cref="InvalidOperationException">A token that belongs to none; identity signs no such.</exception>
    public static Home HomeOf(Caller caller) => caller switch
    {
        { Provider: { } provider } => new(provider, null),
        { Tenants: [var tenant] } => new(null, tenant),
        _ when caller.Roles.Contains(Operator) => Home.Platform,
        _ => throw new InvalidOperationException($"The token of '{caller.Id}' belongs to no house"),
    };

    /// <summary>
    /// Where somebody is invited to. A provider's administrator also invites a customer's first administrator, and nobody else there: from then on the customer invites its own.
    /// </summary>
    /// <param name="tenant">Named by the inviter; null: the caller's own house.</param>
    /// <param name="visible">Tenants the caller sees.</param>
    public static (Home? Home, Refusal? Refusal) Decide(string role, string? tenant, Caller caller, IReadOnlyCollection<string> visible)
    {
        var own = HomeOf(caller);
        var home = tenant is null || tenant == own.Tenant ? own : new Home(null, tenant);
        if (home != own && !(own.Provider is not null && caller.Roles.Contains(ProviderAdmin) && visible.Contains(tenant!)))
            return (null, Problems.UnknownTenant(tenant!));
        if (home != own && role != CustomerAdmin)
            return (null, Refusal.Forbidden("role-not-yours", "Of a customer's people a provider invites the first administrator (customer-admin); all others are invited by the customer."));
        return RolesOf(home).Contains(role)
            ? (home, null)
            : (null, Refusal.Invalid("role", $"'{role}' is no role of these people; there are {string.Join(", ", RolesOf(home))}."));
    }
}

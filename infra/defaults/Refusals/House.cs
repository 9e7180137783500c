using System.Security.Claims;

namespace Fleet.Defaults;

/// <summary>
/// Whom a caller belongs to: a provider, a tenant, or (both null) the platform. What is stored about it lies under <see cref="StoreTenant"/>, so that the wall around a tenant's rows holds for it too;
/// what is a provider's, which belongs to no tenant, under a name no tenant can have.
/// </summary>
public sealed record House(string? Provider, string? Tenant)
{
    /// <summary>Marten's own default tenant.</summary>
    public const string PlatformName = "*DEFAULT*";

    private const string ProviderPrefix = "provider:";

    public static readonly House Platform = new(null, null);

    public string StoreTenant => Tenant ?? (Provider is null ? PlatformName : OfProvider(Provider));

    public static string OfProvider(string provider) => ProviderPrefix + provider;

    public static House OfStoreTenant(string name) =>
        name == PlatformName ? Platform
        : name.StartsWith(ProviderPrefix, StringComparison.Ordinal) ? new(name[ProviderPrefix.Length..], null)
        : new(null, name);

    /// <summary>A provider's people and integrators see tenants, and belong to none of them. A token that belongs nowhere is the platform's to look at.</summary>
    public static House Of(ClaimsPrincipal user) => (user.FindFirstValue("provider"), user.FindAll("tenants").Select(claim => claim.Value).ToList()) switch
    {
        ({ } provider, _) => new(provider, null),
        (null, [var tenant]) => new(null, tenant),
        _ => Platform,
    };
}

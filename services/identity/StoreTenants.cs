using Fleet.Defaults;

namespace Fleet.Identity;

/// <summary>
/// The store's tenancy, used for what is no customer's: neither name is a slug, so no customer can be called like it.
/// </summary>
public static class StoreTenants
{
    /// <summary>Clients: a token is asked for by client id alone, before anybody knows the tenant. Marten's own default tenant.</summary>
    public const string Platform = House.PlatformName;

    /// <summary>A provider's own list of customers.</summary>
    public static string Of(string provider) => House.OfProvider(provider);
}

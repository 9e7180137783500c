namespace Fleet.Identity.People;

/// <summary>
/// Whom a person belongs to, for ever: a provider, a tenant, or (both null) the platform. Its store tenant is theirs, so the wall around a tenant's rows holds for its people, who go where the tenant goes;
/// a provider's stand beside its list of customers, operators under the platform.
/// </summary>
public sealed record Home(string? Provider, string? Tenant)
{
    public static readonly Home Platform = new(null, null);

    public string StoreTenant => Tenant ?? (Provider is null ? StoreTenants.Platform : StoreTenants.Of(Provider));

    public static Home OfStoreTenant(string name) =>
        name == StoreTenants.Platform ? Platform
        : name.StartsWith(StoreTenants.Of(""), StringComparison.Ordinal) ? new(name[StoreTenants.Of("").Length..], null)
        : new(null, name);
}

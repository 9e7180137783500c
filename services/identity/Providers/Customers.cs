using Fleet.Defaults;

namespace Fleet.Identity.Providers;

/// <summary>Which tenants somebody may see, from the directory itself.</summary>
public static class Customers
{
    public static async Task<IReadOnlyList<string>> OfAsync(ModuleContext module, string provider, CancellationToken cancel)
    {
        await using var session = module.Store.LightweightSession(StoreTenants.Of(provider));
        return (await session.Events.FetchForWriting<Provider>(Provider.Key(provider), cancel)).Aggregate.Tenants;
    }

    /// <summary>
    /// The token's tenants; for who may create tenants also those created since the token was issued, so that a site can be opened without
    /// asking for a new token in between.
    /// </summary>
    public static async Task<IReadOnlyList<string>> VisibleToAsync(ModuleContext module, Caller caller, CancellationToken cancel) =>
        caller.Provider is { } provider && caller.May(Right.ManageTenants)
            ? [.. caller.Tenants.Union(await OfAsync(module, provider, cancel))]
            : caller.Tenants;
}

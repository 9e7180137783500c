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
    /// Customers' people: the token's tenant. A provider's people: those that are the provider's customers now, whatever the token says; who moved away since it was
    /// issued is not among them. For who may create tenants also those created since, so that a site can be opened without asking for a new token in between.
    /// </summary>
    public static async Task<IReadOnlyList<string>> VisibleToAsync(ModuleContext module, Caller caller, CancellationToken cancel)
    {
        if (caller.Provider is not { } provider)
            return caller.Tenants;
        var customers = await OfAsync(module, provider, cancel);
        if (!caller.May(Right.ManageTenants))
            return [.. customers.Intersect(caller.Tenants)];
        // Of those the token knows, which are on their way to another region has been looked at: they are not among the caller's tenants.
        var since = customers.Except(caller.Tenants).ToList();
        var leaving = (await module.Store.Departures.AmongAsync(since, cancel)).Select(departure => departure.TenantId);
        return [.. customers.Except(caller.Moving?.Keys ?? []).Except(leaving)];
    }
}

using Fleet.Defaults;

namespace Fleet.Identity.OAuth;

/// <summary>Whether a tenant's tokens are another region's to give.</summary>
internal sealed class TenantRegions(ModuleContext module)
{
    /// <summary>Null for a tenant of this region. It tells no more than <c>/api/v1/tenants/{tenant}/…</c> tells anybody.</summary>
    public async Task<TokenError?> ElsewhereAsync(string tenant, CancellationToken cancel)
    {
        if (await module.Store.Departures.FindAsync(tenant, cancel) is { } departure)
            return departure.LeftAt is null ? TokenError.Moving(departure.Region) : TokenError.WrongRegion(departure.Region, module.Regions.Named(departure.Region)?.Api);
        return module.Regions.ElsewhereOf(tenant) is { } region ? TokenError.WrongRegion(region.Name, region.Api) : null;
    }
}

// token + rows tenant_access + what the route's right needs -> Decide -> the caller as the route may know it
using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>
/// The one place where a provider's people and integrators lose sight of tenants: whatever a route does with <see cref="Caller.Tenants"/>, those that do not allow it are not among them.
/// Behind each route's binding of <see cref="Caller"/>, behind <see cref="Requirements"/>, and behind each gRPC call.
/// </summary>
public static class NarrowCaller
{
    /// <param name="known">Rows of the token's tenants; one without a row allows nothing.</param>
    public static Caller Decide(Caller caller, Needed needed, IReadOnlyList<AccessRow> known)
    {
        if (caller.IsOfCustomer)
            return caller;
        var rows = known.ToDictionary(row => row.Tenant, StringComparer.Ordinal);
        // Another provider's customer by now: for this token it does not exist.
        var own = caller.Tenants.Where(tenant => !(rows.TryGetValue(tenant, out var row) && row.Provider is { } provider && caller.Provider is { } mine && provider != mine)).ToList();
        if (needed.IsNothing)
            return caller with { Tenants = own };
        var access = own.ToDictionary(tenant => tenant, tenant => rows.TryGetValue(tenant, out var row) ? Limited(row.Allowed, caller) : Allowed.Nothing, StringComparer.Ordinal);
        return caller with
        {
            Tenants = [.. own.Where(tenant => needed.Missing(access[tenant]) is null)],
            Withheld = own.Where(tenant => needed.Missing(access[tenant]) is not null).ToDictionary(tenant => tenant, tenant => needed.Missing(access[tenant])!, StringComparer.Ordinal),
            Access = access,
        };
    }

    /// <summary>As the endpoint of this request may know its caller; found out once per request.</summary>
    public static async ValueTask<Caller> OfAsync(HttpContext http)
    {
        if (http.Features.Get<Caller>() is { } known)
            return known;
        var caller = await NowAsync(http);
        http.Features.Set(caller);
        return caller;
    }

    /// <summary>The same, found out anew: what is allowed may have changed since.</summary>
    public static async ValueTask<Caller> NowAsync(HttpContext http)
    {
        var caller = Caller.Of(http.User);
        var metadata = http.GetEndpoint()?.Metadata;
        if (caller.IsOfCustomer)
            return caller;                              // whose own tenant is elsewhere has had its answer: WrongRegion
        if (metadata?.OfType<Right>().Cast<Right?>().FirstOrDefault() is not { } right || metadata.GetMetadata<RunningModule>() is not { } running)
            return caller with { Tenants = [] };        // a route that does not say what it needs shows nobody
        caller = await WithoutMovingAsync(caller, running.Context, WrongRegion.Reads(http), http.RequestAborted);
        var needed = Purposes.Of(right);
        return Decide(caller, needed, await ReadAccess.OfAsync(running.Context, caller.Tenants, http.RequestAborted));
    }

    // One customer on its way does not stop a provider's work for the others.
    private static async Task<Caller> WithoutMovingAsync(Caller caller, ModuleContext module, bool reads, CancellationToken cancel)
    {
        var moving = (await module.Store.Departures.AmongAsync(caller.Tenants, cancel)).Select(departure => (departure.TenantId, Where: Whereabouts.Of(departure, module.Regions, reads)))
            .Where(one => one.Where is not null).ToDictionary(one => one.TenantId, one => one.Where!, StringComparer.Ordinal);
        return moving.Count == 0 ? caller : caller with { Tenants = [.. caller.Tenants.Where(tenant => !moving.ContainsKey(tenant))], Moving = moving };
    }

    // A client's own purposes bound what it does with anybody's data.
    private static Allowed Limited(Allowed allowed, Caller caller) =>
        caller.Purposes is { } own ? allowed with { Purposes = [.. allowed.Purposes.Intersect(own)] } : allowed;
}

using Fleet.Defaults.Grpc;
using Fleet.EventStore;
using Microsoft.AspNetCore.Http;

namespace Fleet.Defaults;

/// <summary>Why a tenant is not served here, and where it is: one answer in the words of HTTP and of gRPC. It tells no more than <c>/api/v1/tenants/{tenant}/…</c> tells anybody.</summary>
/// <param name="Region">Where to ask, or where it is going.</param>
/// <param name="Departure">Null: it never lived here.</param>
public sealed record Whereabouts(Region Region, string Why, Departure? Departure = null)
{
    /// <summary>Null when it is served: it lives here, nobody knows it, or it is only read while it is on its way out.</summary>
    /// <param name="reads">Nothing is written by what is asked.</param>
    public static async Task<Whereabouts?> OfAsync(ModuleContext module, string tenant, bool reads, CancellationToken cancel) =>
        await module.Store.Departures.FindAsync(tenant, cancel) is { } departure ? Of(departure, module.Regions, reads)
        : module.Regions.ElsewhereOf(tenant) is { } other ? new(other, $"The tenant '{tenant}' lives in region '{other.Name}'. Ask {{0}}, with a token of that region.")
        : null;

    public static Whereabouts? Of(Departure departure, RegionDirectory regions, bool reads)
    {
        var region = regions.Named(departure.Region) ?? new(departure.Region, null, "");
        return departure switch
        {
            { LeftAt: not null } => new(region, $"The tenant '{departure.TenantId}' left for region '{region.Name}'; nothing of it is here. {{0}}", departure),
            _ when departure.Region == regions.Here => new(region, $"The tenant '{departure.TenantId}' is being brought to this region, and is not all here yet; try again in a while.", departure),
            _ when reads => null,
            _ => new(region, $"The tenant '{departure.TenantId}' is being moved to region '{region.Name}'; try again there in a while. {{0}}", departure),
        };
    }

    private bool IsMoving => Departure is { LeftAt: null };

    /// <summary>308 or 421, 410 with the signed statement, or 503. Why which: infra/regions/README.md.</summary>
    public IResult ToResult(HttpContext http)
    {
        // Both 308 and 410 may be kept by any cache on the way (RFC 9110 §15.1), and a tenant may come back.
        http.Response.Headers.CacheControl = "no-store";
        var members = new Dictionary<string, object?> { ["region"] = Region.Name, ["api"] = Region.Api };
        if (Departure is { LeftAt: { } at })
            return Refusal.ToResult(new Dictionary<string, object?>(members) { ["at"] = at, ["tombstone"] = Departure.Statement });
        if (IsMoving)
            http.Response.Headers.RetryAfter = "60";
        if (IsMoving || !WrongRegion.Reads(http))
            return Refusal.ToResult(members);
        http.Response.Headers.Location = $"{Region.Api.TrimEnd('/')}{http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}";
        return (Refusal with { Status = StatusCodes.Status308PermanentRedirect }).ToResult(members);
    }

    /// <summary>As for a write.</summary>
    public Refusal Refusal => Departure switch
    {
        null => new(StatusCodes.Status421MisdirectedRequest, "wrong-region", "Another region's", Said(Region.Api)),
        { LeftAt: null } => new(StatusCodes.Status503ServiceUnavailable, "tenant-moving", "On its way to another region", Said(Region.Api)),
        _ => new(StatusCodes.Status410Gone, "tenant-left", "Left for another region", Said(Region.Api)),
    };

    /// <summary>FAILED_PRECONDITION: calling again here is no use; UNAVAILABLE while it is on its way. The endpoint is the region's own for gRPC.</summary>
    public RpcException ToRpcException() => new(
        IsMoving ? StatusCode.Unavailable : StatusCode.FailedPrecondition, $"{Refusal.Type}: {Said(Region.Grpc ?? Region.Api)}");

    private string Said(string door) => Why.Replace("{0}", door, StringComparison.Ordinal).TrimEnd();
}

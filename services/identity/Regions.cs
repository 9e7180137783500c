using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity;

/// <summary>The region directory, readable without a token: one asks it before one knows where to get a token.</summary>
public static class Regions
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/regions", () => module.Regions.Regions).WithName("ListRegions")
            .WithSummary("Where tenants can live, the doors of each region, and which one answers; no token needed").Produces<IReadOnlyList<Region>>();

        var keys = module.Settings["FLEET_REGION_KEY"] is { Length: > 0 } ? RegionKeys.Of(Es256Key.Open(module.Settings, "FLEET_REGION_KEY")) : new([]);
        app.MapGet("/.well-known/fleet-region-keys", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = KeySet.Keepable;
            return keys;
        })
        .WithName("GetRegionKeys").WithSummary("What the region's signatures are verified with, on exports and on the tombstones of tenants that left; and what is sealed with that only it shall open").Produces<KeySet>();
    }
}

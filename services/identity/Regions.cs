using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity;

/// <summary>The region directory, readable without a token: one asks it before one knows where to get a token.</summary>
public static class Regions
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/regions", () => module.Regions.Regions).WithName("ListRegions")
            .WithSummary("Where tenants can live, the doors of each region, and which one answers; no token needed").Produces<IReadOnlyList<Region>>();
}

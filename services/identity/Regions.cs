using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity;

/// <summary>A place where tenants live and stay. Null where the region does not offer the door.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Api">Origin of the HTTP API.</param>
/// <param name="Amqps">Broker for agents, <c>amqps://host:port</c>.</param>
/// <param name="Grpc">Origin of the gRPC API.</param>
public sealed record Region(string Name, string? Country, string Api, string? Amqps, string? Grpc);

/// <summary>
/// The region directory, readable without a token: one asks it before one knows where to get a token. One region for now, from
/// FLEET_REGION, FLEET_REGION_COUNTRY, FLEET_PUBLIC_URL, FLEET_REGION_AMQPS, FLEET_REGION_GRPC.
/// </summary>
public static class Regions
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var settings = module.Settings;
        Region[] regions =
        [
            new(settings["FLEET_REGION"] ?? "local", settings["FLEET_REGION_COUNTRY"], settings["FLEET_PUBLIC_URL"] ?? settings["FLEET_ISSUER"]!,
                settings["FLEET_REGION_AMQPS"], settings["FLEET_REGION_GRPC"] ?? settings["FLEET_GRPC_URL"]),
        ];
        app.MapGet("/regions", () => regions).WithName("ListRegions").WithSummary("Where tenants can live, and the doors of each region; no token needed").Produces<Region[]>();
    }
}

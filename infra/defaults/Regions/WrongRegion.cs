// request -> whose? -> another region's, or left for one -> 308, 421, 503 or 410 before token, body and handler; nothing is stored
using System.Text.Json;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Defaults;

/// <summary>
/// Answers for tenants that do not live here, in front of all modules. Reads are sent on (308: they carry nothing); everything else is told where to go and not sent there (421): whether a
/// body may cross a border is its sender's to decide, and no client should do it by itself. Who has left is 410 with the region's signed statement. Why: infra/regions/README.md.
/// </summary>
internal static class WrongRegion
{
    public static void UseRegions(this WebApplication app) =>
        app.Use(async (http, next) =>
        {
            var answer = await AnswerAsync(http) ?? await ServedAsync(http, next);
            if (answer is not null)
                await answer.ExecuteAsync(http);
        });

    // It left between our look and the handler's append.
    private static async Task<IResult?> ServedAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
            return null;
        }
        catch (TenantLeftException left) when (!http.Response.HasStarted && http.GetEndpoint()?.Metadata.GetMetadata<RunningModule>() is { } module)
        {
            return Left(http, (await module.Context.Store.Departures.FindAsync(left.TenantId, http.RequestAborted))!, module.Context.Regions);
        }
    }

    private static async Task<IResult?> AnswerAsync(HttpContext http)
    {
        // Addresses nobody serves, and those of the host itself, are nobody's.
        if (http.GetEndpoint()?.Metadata.GetMetadata<RunningModule>() is not { } module)
            return null;
        var regions = module.Context.Regions;
        if (TenantOfRequest.Of(http.Request.Path, http.Request.Query) is { } tenant)
        {
            if (await module.Context.Store.Departures.FindAsync(tenant, http.RequestAborted) is { } departure)
                return Left(http, departure, regions);
            if (regions.ElsewhereOf(tenant) is { } other)
                return Elsewhere(http, other, $"The tenant '{tenant}' lives in region '{other.Name}'.");
        }
        return IssuerOf(http.Request) is { } issuer && regions.OfIssuer(issuer) is { } home
            ? Elsewhere(http, home, $"This token is region '{home.Name}''s, and so are the tenants it names.")
            : null;
    }

    private static IResult Elsewhere(HttpContext http, Region region, string why)
    {
        NotToBeKept(http);
        var read = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (read)
            http.Response.Headers.Location = $"{region.Api.TrimEnd('/')}{http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}";
        return new Refusal(
            read ? StatusCodes.Status308PermanentRedirect : StatusCodes.Status421MisdirectedRequest, "wrong-region", "Another region's",
            $"{why} Ask {region.Api}, with a token of that region.").ToResult(Members(region));
    }

    private static IResult? Left(HttpContext http, Departure departure, RegionDirectory regions)
    {
        var region = regions.Named(departure.Region) ?? new(departure.Region, null, "");
        NotToBeKept(http);
        if (departure.LeftAt is { } at)
            return new Refusal(StatusCodes.Status410Gone, "tenant-left", "Left for another region", $"The tenant '{departure.TenantId}' left for region '{region.Name}'; nothing of it is here. {region.Api}")
                .ToResult(new Dictionary<string, object?>(Members(region)) { ["at"] = at, ["tombstone"] = departure.Statement });
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            return null; // on its way: it can be read until it has left
        http.Response.Headers.RetryAfter = "60";
        return new Refusal(StatusCodes.Status503ServiceUnavailable, "tenant-moving", "On its way to another region", $"The tenant '{departure.TenantId}' is being moved to region '{region.Name}'; try again there in a while.")
            .ToResult(Members(region));
    }

    // Both 308 and 410 may be kept by any cache on the way (RFC 9110 §15.1), and a tenant may come back.
    private static void NotToBeKept(HttpContext http) => http.Response.Headers.CacheControl = "no-store";

    private static Dictionary<string, object?> Members(Region region) => new() { ["region"] = region.Name, ["api"] = region.Api };

    // Unverified: it is only used to say where its tokens are good. Ours and strangers' are judged as ever.
    private static string? IssuerOf(HttpRequest request)
    {
        if (request.Headers.Authorization is not [{ } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || header.Split('.') is not [_, var payload, _])
            return null;
        try
        {
            using var claims = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(payload));
            return claims.RootElement.ValueKind == JsonValueKind.Object && claims.RootElement.TryGetProperty("iss", out var issuer) ? issuer.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null; // no JWT
        }
    }
}

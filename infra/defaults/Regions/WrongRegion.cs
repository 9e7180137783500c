// request -> whose? -> another region's, or left for one -> 308, 421, 503 or 410 before token, body and handler; nothing is stored
using System.Text.Json;
using Fleet.Defaults.Grpc;
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
    /// <summary>By the address, and by who gave the token.</summary>
    public static void UseRegions(this WebApplication app) => app.Use((http, next) => AnswerAsync(http, next, ByAddressAsync));

    /// <summary>By the token, once it is known to be good: a customer's people whose tenant is elsewhere, at addresses that do not name it.</summary>
    public static void UseRegionsOfCallers(this WebApplication app) => app.Use((http, next) => AnswerAsync(http, next, ByCallerAsync));

    private static async Task AnswerAsync(HttpContext http, RequestDelegate next, Func<HttpContext, ModuleContext, Task<Whereabouts?>> find)
    {
        // Addresses nobody serves, and those of the host itself, are nobody's.
        if (http.GetEndpoint()?.Metadata.GetMetadata<RunningModule>() is not { Context: var module })
        {
            await next(http);
            return;
        }
        var elsewhere = await find(http, module) ?? await ServedAsync(http, next, module);
        if (elsewhere is null)
            return;
        if (GrpcCalls.IsGrpc(http.Request))
            GrpcCalls.Refuse(http, elsewhere.ToRpcException());
        else
            await elsewhere.ToResult(http).ExecuteAsync(http);
    }

    // It left between our look and the handler's append.
    private static async Task<Whereabouts?> ServedAsync(HttpContext http, RequestDelegate next, ModuleContext module)
    {
        try
        {
            await next(http);
            return null;
        }
        catch (TenantLeftException left) when (!http.Response.HasStarted)
        {
            return await Whereabouts.OfAsync(module, left.TenantId, reads: false, http.RequestAborted);
        }
    }

    private static async Task<Whereabouts?> ByAddressAsync(HttpContext http, ModuleContext module) =>
        TenantOfRequest.Of(http.Request.Path, http.Request.Query) is { } tenant && await Whereabouts.OfAsync(module, tenant, Reads(http), http.RequestAborted) is { } elsewhere ? elsewhere
        : IssuerOf(http.Request) is { } issuer && module.Regions.OfIssuer(issuer) is { } home ? new(home, $"This token is region '{home.Name}''s, and so are the tenants it names. Ask {{0}}, with a token of that region.")
        : null;

    private static async Task<Whereabouts?> ByCallerAsync(HttpContext http, ModuleContext module)
    {
        if (http.User.Identity?.IsAuthenticated != true || Caller.Of(http.User) is not { IsOfCustomer: true, Tenants: [var tenant] } || TenantOfRequest.Of(http.Request.Path, http.Request.Query) == tenant)
            return null;
        return await Whereabouts.OfAsync(module, tenant, Reads(http), http.RequestAborted);
    }

    /// <summary>Nothing is written by it. A gRPC call of ours only reads, whatever HTTP calls it.</summary>
    public static bool Reads(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || GrpcCalls.IsGrpc(http.Request);

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

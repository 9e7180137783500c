// POST /oauth/device_authorization -> proof of the agent's key -> stream enrolment/{hash of device code} -> AskedEnrolments
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Fleet.Identity.Proofs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Enrolments;

/// <summary>RFC 8628 §3.1. The header <c>DPoP</c> (RFC 9449) shows the key the tokens will be bound to.</summary>
/// <param name="ClientId">Always <c>fleet-agent</c>.</param>
public sealed record DeviceForm([property: JsonPropertyName("client_id")] string ClientId);

/// <summary>RFC 8628 §3.2.</summary>
/// <param name="DeviceCode">The agent's own, for the token endpoint.</param>
/// <param name="UserCode">For people: <c>BCDF-GHJK</c>, in any case, with or without the hyphen.</param>
/// <param name="VerificationUri">The page that says what to do with it.</param>
/// <param name="VerificationUriComplete">The same with the code in it, for a QR code.</param>
/// <param name="ExpiresIn">Seconds.</param>
/// <param name="Interval">Seconds between two questions at the token endpoint.</param>
public sealed record DeviceAuthorization(
    [property: JsonPropertyName("device_code")] string DeviceCode,
    [property: JsonPropertyName("user_code")] string UserCode,
    [property: JsonPropertyName("verification_uri")] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string VerificationUriComplete,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("interval")] int Interval);

public static class AskEnrolment
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    public static EnrolmentEvent.Asked Decide(ProofKey key, string userCode, DateTimeOffset now) => new(userCode, key.X, key.Y, now + Life, now);
}

public static class AskEnrolmentRoute
{
    public const string Path = "/oauth/device_authorization";

    // Anybody may ask, and each asking is an event: a flood shall fill no disk. Per process; 30 in a burst, then one a second.
    private static readonly TokenBucketRateLimiterOptions Flood = new() { TokenLimit = 30, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 };

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        var origins = Origins.Of(module.Settings);
        var seen = new SeenProofs(module);
        var flood = new TokenBucketRateLimiter(Flood);
        app.MapPost(Path, async (HttpContext http, CancellationToken cancel) =>
        {
            OAuthAnswer.NotToBeKept(http);
            var (form, wrong) = await OAuthForm.ReadAsync(http.Request, cancel);
            if (form is null)
                return wrong!.ToResult(http);
            if (form.Field("client_id") != AgentClient.Id)
                return AgentClient.Unknown.ToResult(http);
            var (proof, untrue) = await CheckProof.OfAsync(http.Request.Headers[CheckProof.Header], http.Request.Method, origins.At(Path), module.Clock.GetUtcNow());
            if (proof is null)
                return untrue!.ToResult(http);
            using var room = flood.AttemptAcquire();
            if (!room.IsAcquired)
                return TokenError.Busy.ToResult(http);
            return await seen.IsNewAsync(proof, cancel)
                ? Results.Json(await AskAsync(module, origins.Public, proof.Key, cancel))
                : TokenError.ReplayedProof.ToResult(http);
        })
        .DisableAntiforgery().ReadsForm<DeviceForm>()
        .WithName("AskEnrolment").WithSummary("A device code for an agent that wants to be enrolled (RFC 8628)")
        .WithDescription("The header `DPoP` holds a proof (RFC 9449) made with the agent's own P-256 key; all its tokens are bound to that key.")
        .Produces<DeviceAuthorization>().Produces<TokenError>(StatusCodes.Status400BadRequest)
        .Produces<TokenError>(StatusCodes.Status401Unauthorized).Produces<TokenError>(StatusCodes.Status429TooManyRequests);
    }

    private static async Task<DeviceAuthorization> AskAsync(ModuleContext module, string origin, ProofKey key, CancellationToken cancel)
    {
        var deviceCode = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var userCode = await FreeCodeAsync(module, cancel);
        await using var session = module.Store.LightweightSession(StoreTenants.Platform);
        session.Events.StartStream<Enrolment>(Enrolment.StreamKey(deviceCode), AskEnrolment.Decide(key, userCode, module.Clock.GetUtcNow()));
        await session.SaveChangesAsync(cancel);
        var shown = UserCode.Shown(userCode);
        return new(deviceCode, shown, $"{origin}/device", $"{origin}/device?user_code={shown}", (int)AskEnrolment.Life.TotalSeconds, (int)PollPace.First.TotalSeconds);
    }

    // One that no other agent waits under.
    private static async Task<string> FreeCodeAsync(ModuleContext module, CancellationToken cancel)
    {
        while (true)
        {
            var code = UserCode.Of([.. Enumerable.Range(0, 8).Select(_ => RandomNumberGenerator.GetInt32(UserCode.Letters.Length))]);
            if (await AskedEnrolments.FindAsync(module, code, cancel) is null)
                return code;
        }
    }
}

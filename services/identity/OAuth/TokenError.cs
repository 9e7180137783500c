using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Fleet.Identity.OAuth;

/// <summary>RFC 6749 §5.2. The one answer of this API that is not problem details: OAuth clients expect this form.</summary>
/// <param name="RetryAfter">Seconds; not part of the body.</param>
/// <param name="Region">Of <c>wrong_region</c>, as <paramref name="Api"/>: where to ask.</param>
public sealed record TokenError(
    [property: JsonIgnore] int Status,
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description,
    [property: JsonIgnore] int? RetryAfter = null,
    [property: JsonPropertyName("region"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Region = null,
    [property: JsonPropertyName("api"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Api = null)
{
    /// <summary>The tenant lives elsewhere: what is shown is good there, once it is asked there. An extension (RFC 6749 §8.5); the status says the same to who knows HTTP only.</summary>
    public static TokenError WrongRegion(string region, string? api) => new(
        StatusCodes.Status421MisdirectedRequest, "wrong_region", $"The tenant lives in region '{region}': ask there{(api is null ? "" : $", at {api}")}.", Region: region, Api: api);

    public static TokenError Moving(string region) => new(
        StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable", $"The tenant is being moved to region '{region}'; try again in a minute.", RetryAfter: 60);

    public static TokenError InvalidRequest(string description) => new(StatusCodes.Status400BadRequest, "invalid_request", description);

    public static TokenError UnsupportedGrant(string description) => new(StatusCodes.Status400BadRequest, "unsupported_grant_type", description);

    public static TokenError InvalidScope(string description) => new(StatusCodes.Status400BadRequest, "invalid_scope", description);

    public static TokenError InvalidClient(string description) => new(StatusCodes.Status401Unauthorized, "invalid_client", description);

    /// <summary>RFC 6749 §5.2 and RFC 8628 §3.5.</summary>
    public static TokenError InvalidGrant(string description) => new(StatusCodes.Status400BadRequest, "invalid_grant", description);

    public static readonly TokenError Pending = new(StatusCodes.Status400BadRequest, "authorization_pending", "Nobody has approved the code yet.");

    public static readonly TokenError SlowDown = new(StatusCodes.Status400BadRequest, "slow_down", "Asked too soon: wait 5 s longer between two questions, from now on.");

    public static readonly TokenError Expired = new(StatusCodes.Status400BadRequest, "expired_token", "The code was not approved in time; ask for a new one.");

    public static readonly TokenError Denied = new(StatusCodes.Status400BadRequest, "access_denied", "Somebody with the right to approve the code has denied it.");

    /// <summary>RFC 9449 §5.</summary>
    public static TokenError InvalidProof(string description) => new(StatusCodes.Status400BadRequest, "invalid_dpop_proof", description);

    public static readonly TokenError ReplayedProof = InvalidProof("This proof was shown before; make a new one for each request.");

    public static readonly TokenError Busy = new(StatusCodes.Status429TooManyRequests, "temporarily_unavailable", "Too many agents ask for a code; try again in 5 s.", 5);

    // RFC 6749 has no word for it; the status tells a client that understands HTTP, the error one that understands only OAuth.
    public static TokenError TooManyFailures(int seconds) =>
        new(StatusCodes.Status429TooManyRequests, "invalid_client", $"Too many wrong secrets; try again in {seconds} s.", seconds);

    /// <summary>Unknown, disabled and wrong secret read the same: nobody learns which clients exist.</summary>
    public static readonly TokenError Unauthenticated = InvalidClient("The client is unknown, disabled, or its secret is another.");

    /// <summary>The same for who signs.</summary>
    public static readonly TokenError Unsigned =
        InvalidClient("The client is unknown, disabled, or has no keys; or its assertion is not signed by one of them, not for this issuer alone, over, good for more than five minutes, or was shown before.");
}

using System.Net;

namespace Fleet.Agent.Publishing;

/// <summary>An OAuth access token; the broker takes it as the password.</summary>
/// <param name="At">When it was got.</param>
/// <param name="RefreshAt">When three quarters of its life are over: a new one is fetched then, long before it ends.</param>
public sealed record AccessToken(string Value, DateTimeOffset At, DateTimeOffset RefreshAt, DateTimeOffset ExpiresAt);

/// <summary>The issuer said no, or said nothing sensible.</summary>
/// <param name="status">HTTP status of its answer.</param>
/// <param name="error">RFC 6749 §5.2 error code, or what else is known.</param>
/// <param name="reason">In words, where there are any.</param>
public sealed class TokenRefusedException(HttpStatusCode status, string error, string? reason = null) : Exception($"{(int)status} {error}{(reason is null ? "" : $": {reason}")}")
{
    public string? Reason => reason;

    public HttpStatusCode Status => status;
    public string Error => error;
}

using System.Globalization;
using System.Security.Claims;

namespace Fleet.Defaults;

/// <summary>How long a verified token still holds, for answers that outlive a request: a stream must not outlive its token.</summary>
public static class TokenLife
{
    /// <summary>Cancelled when the token's <c>exp</c> (seconds since 1970) has passed; at once when it has none.</summary>
    public static CancellationTokenSource Of(ClaimsPrincipal user, TimeProvider clock)
    {
        var left = long.TryParse(user.FindFirstValue("exp"), NumberStyles.None, CultureInfo.InvariantCulture, out var expiry)
            ? DateTimeOffset.FromUnixTimeSeconds(expiry) - clock.GetUtcNow()
            : TimeSpan.Zero;
        if (left > TimeSpan.Zero)
            return new CancellationTokenSource(left, clock);
        var over = new CancellationTokenSource();
        over.Cancel();
        return over;
    }
}

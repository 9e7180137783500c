using Fleet.Defaults;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.OAuth;

/// <summary>Signs access tokens: RFC 9068, <c>typ</c> at+jwt, ES256.</summary>
public sealed class AccessTokens(string issuer, KeyRing keys, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(20);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    /// <param name="life">Twenty minutes, unless it is for one errand.</param>
    public string Sign(Claims claims, TimeSpan? life = null)
    {
        var now = clock.GetUtcNow();
        var all = new Dictionary<string, object>
        {
            ["iss"] = issuer,
            ["aud"] = claims.Audiences.ToArray(),
            ["sub"] = claims.Subject,
            ["client_id"] = claims.ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + (life ?? Life)).ToUnixTimeSeconds(),
            ["jti"] = Guid.CreateVersion7(now).ToString("n"),
            ["roles"] = new[] { claims.Role },
            ["tenants"] = claims.Tenants.ToArray(),
            ["scope"] = string.Join(' ', claims.Scope),
        };
        if (claims.Provider is not null)
            all["provider"] = claims.Provider;
        if (claims.Site is not null)
            all["site"] = claims.Site;
        if (claims.Purposes is not null)
            all["purposes"] = claims.Purposes.ToArray();
        if (claims.Session is not null)
            all["sid"] = claims.Session;
        return _handler.CreateToken(new SecurityTokenDescriptor { Claims = all, TokenType = "at+jwt", SigningCredentials = keys.Signing.Signing });
    }
}

using Fleet.Defaults;
using Fleet.Identity.People;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.OAuth;

/// <summary>What an ID token says beside the access token's claims.</summary>
/// <param name="Name">Only when the scope has <c>profile</c>, as <paramref name="Email"/> for <c>email</c>.</param>
public sealed record IdClaims(string? Nonce, Session Session, string? Name, string? Email);

/// <summary>Signs ID tokens: OpenID Connect Core §2, for the client alone. No API takes one for an access token: their <c>typ</c> and <c>aud</c> differ.</summary>
public sealed class IdTokens(string issuer, KeyRing keys, TimeProvider clock)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public string Sign(Claims claims, IdClaims who)
    {
        var now = clock.GetUtcNow();
        var all = new Dictionary<string, object>
        {
            ["iss"] = issuer,
            ["aud"] = claims.ClientId,
            ["sub"] = claims.Subject,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Life).ToUnixTimeSeconds(),
            ["auth_time"] = who.Session.At.ToUnixTimeSeconds(),
            ["amr"] = who.Session.How.ToArray(),
            ["sid"] = claims.Session!,
        };
        foreach (var (name, value) in new[] { ("nonce", who.Nonce), ("name", who.Name), ("email", who.Email) })
            if (value is not null)
                all[name] = value;
        return _handler.CreateToken(new SecurityTokenDescriptor { Claims = all, TokenType = "JWT", SigningCredentials = keys.Signing.Signing });
    }
}

// client_assertion -> which client signed it (RFC 7523 §3, OpenID Connect Core §9: private_key_jwt)
using Fleet.Defaults;
using Fleet.Identity.OAuth;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.Proofs;

/// <summary>
/// A client's own signature in place of a secret: ES256 by one of its registered keys, issuer and subject the client, made for this issuer and no other, for a few minutes, with an id nobody has shown. The
/// audience is the issuer's name alone: further ones, or the token endpoint's address, could have been made for somebody else who passes it on (draft-ietf-oauth-rfc7523bis).
/// </summary>
public static class CheckAssertion
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>How far in the future an assertion may end.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private const int LongestId = 128, LongestText = 4 * 1024;

    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = LongestText };

    /// <summary>Whose it says it is, before anything is verified; null when it is none.</summary>
    public static string? Subject(string text)
    {
        try
        {
            return text.Length <= LongestText && new JsonWebToken(text).Subject is { Length: > 0 } subject ? subject : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenMalformedException)
        {
            return null;
        }
    }

    /// <returns>Its id and its end, after which it cannot be shown again; null when it does not hold.</returns>
    public static async Task<(string Id, DateTimeOffset Until)?> HoldsAsync(string text, string client, IReadOnlyList<PublicKey> keys, string issuer, DateTimeOffset now)
    {
        var held = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            IssuerSigningKeys = keys.Select(key => new JsonWebKey { Kty = key.Kty, Crv = key.Crv, X = key.X, Y = key.Y, Kid = key.Kid }),
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            TypeValidator = (type, _, _) => type is null or "" or "JWT" or "client-authentication+jwt" ? type : throw new SecurityTokenInvalidTypeException(),
            ValidIssuer = client,
            ValidAudience = issuer,
            RequireExpirationTime = true,
            ClockSkew = Skew,
            LifetimeValidator = (from, until, _, _) => until > (now - Skew).UtcDateTime && until <= (now + Longest + Skew).UtcDateTime && (from is null || from <= (now + Skew).UtcDateTime),
        });
        return held is { IsValid: true, SecurityToken: JsonWebToken token } && token.Subject == client && token.Audiences.Count() == 1 && token.Id is { Length: > 0 and <= LongestId }
            ? (token.Id, token.ValidTo + Skew)
            : null;
    }
}

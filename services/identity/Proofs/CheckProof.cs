// header DPoP -> which key is held by who asks (RFC 9449 §4.3)
using System.Globalization;
using Fleet.Identity.OAuth;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.Proofs;

/// <summary>A proof that holds. Whether it was shown before is for <see cref="SeenProofs"/> to say.</summary>
/// <param name="Id">Its <c>jti</c>.</param>
public sealed record Proof(ProofKey Key, string Id);

/// <summary>RFC 9449 §4.3 without nonces: one header, typ dpop+jwt, ES256, the key in it, this method and address, made just now.</summary>
public static class CheckProof
{
    public const string Header = "DPoP", Type = "dpop+jwt";

    /// <summary>How far a proof's <c>iat</c> may be from this clock, either way.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    private const int LongestId = 128, LongestProof = 4 * 1024;

    private static readonly JsonWebTokenHandler Handler = new() { MaximumTokenSizeInBytes = LongestProof };

    /// <param name="headers">Every value of the header.</param>
    /// <param name="addresses">Of the endpoint as clients see it, without query; they may reach it under more than one name.</param>
    public static async Task<(Proof? Proof, TokenError? Error)> OfAsync(IReadOnlyList<string?> headers, string method, IReadOnlyList<string> addresses, DateTimeOffset now)
    {
        if (headers is not [{ Length: > 0 and <= LongestProof } text])
            return Wrong(headers.Count == 0 ? $"The header {Header} is missing: this client shows its key with each request." : $"The header {Header} is to be there once, {LongestProof} characters at most.");
        if (KeyIn(text) is not { } jwk || ProofKey.Of(jwk.X, jwk.Y) is not { } key)
            return Wrong("The header of the proof holds no public P-256 key 'jwk' (and nothing private).");

        var held = await Handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            IssuerSigningKey = jwk,
            TryAllIssuerSigningKeys = true,
            ValidTypes = [Type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            RequireExpirationTime = false,
            ValidateLifetime = false, // by `iat`, below
            ValidateAudience = false,
            ValidateIssuer = false,
        });
        return held.IsValid ? Claims((JsonWebToken)held.SecurityToken, key, method, addresses, now) : Wrong($"The proof is not '{Type}' signed with ES256 by the key in it.");
    }

    private static (Proof?, TokenError?) Claims(JsonWebToken proof, ProofKey key, string method, IReadOnlyList<string> addresses, DateTimeOffset now)
    {
        string? Text(string claim) => proof.TryGetPayloadValue<string>(claim, out var value) ? value : null;
        if (Text("htm") != method)
            return Wrong($"The proof is for another method: 'htm' is to be {method}.");
        if (!Uri.TryCreate(Text("htu"), UriKind.Absolute, out var shown) || !addresses.Any(address => new Uri(address).GetLeftPart(UriPartial.Path) == shown.GetLeftPart(UriPartial.Path)))
            return Wrong($"The proof is for another address: 'htu' is to be {addresses[0]}.");
        if (Text("jti") is not { Length: > 0 and <= LongestId } id)
            return Wrong($"The proof has no 'jti' of {LongestId} characters at most.");
        if (!proof.TryGetPayloadValue<long>("iat", out var seconds))
            return Wrong("The proof has no 'iat'.");
        var ahead = seconds - now.ToUnixTimeSeconds();
        return Math.Abs(ahead) <= Window.TotalSeconds ? (new(key, id), null) : Wrong(string.Create(CultureInfo.InvariantCulture,
            $"The proof was not made just now: 'iat' is {Math.Abs(ahead)} s {(ahead > 0 ? "ahead of" : "behind")} this server's clock. Is the client's clock right?"));
    }

    private static JsonWebKey? KeyIn(string proof)
    {
        try
        {
            var jwk = new JsonWebToken(proof).TryGetHeaderValue<System.Text.Json.JsonElement>("jwk", out var header) ? new JsonWebKey(header.GetRawText()) : null;
            return jwk is { Kty: "EC", Crv: "P-256", D: null } ? jwk : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenMalformedException)
        {
            return null;
        }
    }

    private static (Proof?, TokenError?) Wrong(string description) => (null, TokenError.InvalidProof(description));
}

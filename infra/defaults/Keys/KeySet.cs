using System.Text.Json.Serialization;

namespace Fleet.Defaults;

/// <summary>RFC 7517 JSON Web Key Set.</summary>
public sealed record KeySet([property: JsonPropertyName("keys")] IReadOnlyList<PublicKey> Keys)
{
    /// <summary>Cache-Control for it: verifiers ask again when they meet a key id they do not know; this only spares the asking in between.</summary>
    public const string Keepable = "public, max-age=300";
}

/// <summary>A public key (RFC 7517): P-256, for ES256; a region's other one for ECDH-ES.</summary>
public sealed record PublicKey(
    [property: JsonPropertyName("kty")] string Kty, [property: JsonPropertyName("use")] string Use, [property: JsonPropertyName("alg")] string Alg,
    [property: JsonPropertyName("crv")] string Crv, [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("x")] string X, [property: JsonPropertyName("y")] string Y)
{
    /// <summary><see cref="Use"/> of one that things are sealed for; the others are <c>sig</c>.</summary>
    public const string ForSealing = "enc";
}

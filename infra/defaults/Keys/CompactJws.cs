using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Defaults;

/// <summary>A statement with a signature on one line: JWS compact serialization (RFC 7515 §3.1), ES256 and nothing else.</summary>
public static class CompactJws
{
    /// <param name="type">Its <c>typ</c>: what one kind of statement says, no other can be taken for.</param>
    public static string Sign(Es256Key key, string type, object payload)
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(new Head("ES256", type, key.Id));
        var text = $"{Base64Url.EncodeToString(head)}.{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(payload, JsonSerializerOptions.Web))}";
        return $"{text}.{Base64Url.EncodeToString(((ECDsaSecurityKey)key.Signing.Key).ECDsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    /// <returns>What it says; null when none of the keys signed it, or it is of another type.</returns>
    public static T? Verify<T>(string jws, string type, KeySet keys) where T : class
    {
        try
        {
            if (jws.Split('.') is not [var head, var payload, var signature] || JsonSerializer.Deserialize<Head>(Base64Url.DecodeFromChars(head)) is not { Alg: "ES256" } said || said.Typ != type
                || keys.Keys.FirstOrDefault(key => key.Kid == said.Kid) is not { Kty: "EC", Crv: "P-256", Use: "sig" } known)
                return null;
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(known.X), Y = Base64Url.DecodeFromChars(known.Y) } });
            return key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{payload}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256)
                ? JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(payload), JsonSerializerOptions.Web)
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException)
        {
            return null;
        }
    }

    private sealed record Head([property: JsonPropertyName("alg")] string Alg, [property: JsonPropertyName("typ")] string Typ, [property: JsonPropertyName("kid")] string Kid);
}

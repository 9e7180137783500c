using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Consent.Tests.Receipts;

/// <summary>As somebody does who holds a receipt and the published keys and has never heard of Fleet's code: RFC 7515 by hand.</summary>
internal static class VerifyReceipt
{
    public static bool Holds(string jws, string keys)
    {
        var parts = jws.Split('.');
        if (parts.Length != 3 || !parts.All(part => Base64Url.IsValid(part)))
            return false;
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!;
        var jwk = JsonNode.Parse(keys)!["keys"]!.AsArray().SingleOrDefault(key => (string?)key!["kid"] == (string?)header["kid"]);
        if ((string?)header["alg"] != "ES256" || jwk is null)
            return false;
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new() { X = Base64Url.DecodeFromChars((string)jwk["x"]!), Y = Base64Url.DecodeFromChars((string)jwk["y"]!) },
        });
        return key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256);
    }

    public static JsonNode Payload(string jws) => JsonNode.Parse(Base64Url.DecodeFromChars(jws.Split('.')[1]))!;

    /// <summary>The same receipt with one byte of what it says changed, still base64url.</summary>
    public static string WithOneByteChanged(string jws, int at)
    {
        var parts = jws.Split('.');
        var payload = Base64Url.DecodeFromChars(parts[1]);
        payload[at % payload.Length] ^= 1;
        return $"{parts[0]}.{Base64Url.EncodeToString(payload)}.{parts[2]}";
    }
}

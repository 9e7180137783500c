using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Cli.Consents;

/// <summary>A consent receipt as downloaded: a compact JWS (RFC 7515), ES256. Needs no network and none of the services.</summary>
public static class ReceiptFile
{
    /// <param name="keys">RFC 7517, as <c>/.well-known/fleet-receipt-keys</c> told it.</param>
    /// <returns>What it says; or why it does not hold.</returns>
    public static (JsonNode? Receipt, string? Fault) Verify(string jws, string keys)
    {
        try
        {
            if (jws.Trim().Split('.') is not [var protectedHeader, var payload, var signature])
                return (null, "it is no compact JWS");
            var header = Read(protectedHeader);
            if ((string?)header["alg"] != "ES256")
                return (null, $"it is signed with {header["alg"]}, not ES256");
            if (JsonNode.Parse(keys)?["keys"]?.AsArray().FirstOrDefault(one => (string?)one?["kid"] == (string?)header["kid"]) is not { } jwk)
                return (null, $"none of the keys is {header["kid"]}, which signed it");
            using var key = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Bytes((string?)jwk["x"]), Y = Bytes((string?)jwk["y"]) } });
            return key.VerifyData(Encoding.ASCII.GetBytes($"{protectedHeader}.{payload}"), Bytes(signature), HashAlgorithmName.SHA256)
                ? (Read(payload), null)
                : (null, "the signature does not hold: something in it was changed");
        }
        catch (Exception wrong) when (wrong is JsonException or FormatException or CryptographicException or InvalidOperationException)
        {
            return (null, $"it cannot be read: {wrong.Message}");
        }
    }

    private static JsonNode Read(string part) => JsonNode.Parse(Bytes(part)) ?? throw new FormatException("an empty part");

    private static byte[] Bytes(string? base64) => Base64Url.DecodeFromChars(base64 ?? throw new FormatException("a key without coordinates"));
}

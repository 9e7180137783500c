using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Defaults;

/// <summary>Something sealed on one line: JWE compact serialization (RFC 7516 §3.1), AES-256 in GCM; for the holder of a key pair (<c>ECDH-ES</c>), or under a key both have (<c>dir</c>).</summary>
public static class CompactJwe
{
    private const string Cipher = "A256GCM";

    private const int KeyBits = 256, NonceLength = 12, TagLength = 16;

    public static string SealFor(PublicKey to, ReadOnlySpan<byte> plain)
    {
        using var ephemeral = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP256);
        using var theirs = Import(to.X, to.Y);
        var q = ephemeral.ExportParameters(includePrivateParameters: false).Q;
        var head = new Head("ECDH-ES", Cipher, to.Kid, new("EC", "P-256", Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y)));
        return Seal(head, Derive(ephemeral.DeriveRawSecretAgreement(theirs.PublicKey), Cipher, KeyBits), plain);
    }

    /// <returns>Null when it is not sealed for this key, or not as it was sealed.</returns>
    public static byte[]? Open(SealingKey key, string jwe) => Open(jwe, head =>
    {
        if (head is not { Alg: "ECDH-ES", Epk: { Kty: "EC", Crv: "P-256" } epk } || head.Kid != key.Published.Kid)
            return null;
        using var theirs = Import(epk.X, epk.Y);
        return Derive(key.AgreeWith(theirs.PublicKey), Cipher, KeyBits);
    });

    public static string SealUnder(byte[] key, ReadOnlySpan<byte> plain) => Seal(new("dir", Cipher), key, plain);

    /// <inheritdoc cref="Open(SealingKey, string)"/>
    public static byte[]? Open(byte[] key, string jwe) => Open(jwe, head => head.Alg == "dir" ? key : null);

    /// <summary>Concat KDF of RFC 7518 §4.6.2 (NIST SP 800-56A §5.8.1) for keys of at most 256 bits.</summary>
    /// <param name="algorithm"><c>enc</c>, because the key agreed on is the one that seals.</param>
    public static byte[] Derive(ReadOnlySpan<byte> agreed, string algorithm, int bits, string partyU = "", string partyV = "")
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Number(1));
        hash.AppendData(agreed);
        foreach (var text in new[] { algorithm, partyU, partyV })
        {
            hash.AppendData(Number(text.Length));
            hash.AppendData(Encoding.ASCII.GetBytes(text));
        }
        hash.AppendData(Number(bits));
        return hash.GetHashAndReset()[..(bits / 8)];
    }

    private static string Seal(Head head, byte[] key, ReadOnlySpan<byte> plain)
    {
        var text = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(head));
        var (nonce, sealedBytes, tag) = (RandomNumberGenerator.GetBytes(NonceLength), new byte[plain.Length], new byte[TagLength]);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, plain, sealedBytes, tag, Encoding.ASCII.GetBytes(text));
        return $"{text}..{Base64Url.EncodeToString(nonce)}.{Base64Url.EncodeToString(sealedBytes)}.{Base64Url.EncodeToString(tag)}";
    }

    private static byte[]? Open(string jwe, Func<Head, byte[]?> keyOf)
    {
        try
        {
            if (jwe.Split('.') is not [var text, "", var nonce, var sealedText, var tag] || JsonSerializer.Deserialize<Head>(Base64Url.DecodeFromChars(text)) is not { Enc: Cipher } head || keyOf(head) is not { } key)
                return null;
            var sealedBytes = Base64Url.DecodeFromChars(sealedText);
            var plain = new byte[sealedBytes.Length];
            using var aes = new AesGcm(key, TagLength);
            aes.Decrypt(Base64Url.DecodeFromChars(nonce), sealedBytes, Base64Url.DecodeFromChars(tag), plain, Encoding.ASCII.GetBytes(text));
            return plain;
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    // The platform refuses a point that is not on the curve.
    private static ECDiffieHellman Import(string x, string y) =>
        ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new() { X = Base64Url.DecodeFromChars(x), Y = Base64Url.DecodeFromChars(y) } });

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private sealed record Head(
        [property: JsonPropertyName("alg")] string Alg, [property: JsonPropertyName("enc")] string Enc,
        [property: JsonPropertyName("kid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kid = null,
        [property: JsonPropertyName("epk"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Point? Epk = null);

    private sealed record Point(
        [property: JsonPropertyName("kty")] string Kty, [property: JsonPropertyName("crv")] string Crv, [property: JsonPropertyName("x")] string X, [property: JsonPropertyName("y")] string Y);
}

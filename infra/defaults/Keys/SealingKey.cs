using System.Numerics;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Defaults;

/// <summary>
/// What a region opens with what was sealed for it (ECDH-ES on P-256, RFC 7518 §4.6). Derived from the key it signs with (HKDF, RFC 5869), so that there is one secret to keep, and yet no key serves two ends.
/// </summary>
public sealed class SealingKey
{
    // The order of P-256, less one: FIPS 186-5, appendix A.4.1, a private key from more random bits than it has.
    private static readonly BigInteger OrderLessOne = BigInteger.Parse("0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550", System.Globalization.NumberStyles.HexNumber, null);

    private const int SeedLength = 48, KeyLength = 32;

    private readonly ECDiffieHellman _key;

    private SealingKey(ECDiffieHellman key, PublicKey published) => (_key, Published) = (key, published);

    /// <summary>Its public half, with <c>use</c> <c>enc</c>.</summary>
    public PublicKey Published { get; }

    public static SealingKey Of(Es256Key signing)
    {
        var secret = ((ECDsaSecurityKey)signing.Signing.Key).ECDsa.ExportParameters(includePrivateParameters: true).D!;
        var seed = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, SeedLength, info: "fleet region sealing key 1"u8.ToArray());
        var scalar = (new BigInteger(seed, isUnsigned: true, isBigEndian: true) % OrderLessOne) + 1;
        var d = new byte[KeyLength];
        var bytes = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        bytes.CopyTo(d, KeyLength - bytes.Length);
        var key = ECDiffieHellman.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        var jwk = new JsonWebKey { Kty = "EC", Crv = "P-256", X = Base64UrlEncoder.Encode(q.X), Y = Base64UrlEncoder.Encode(q.Y) };
        return new(key, new("EC", PublicKey.ForSealing, "ECDH-ES", "P-256", Base64UrlEncoder.Encode(jwk.ComputeJwkThumbprint()), jwk.X, jwk.Y));
    }

    /// <summary>What both halves agree on; the other half is an ephemeral key's.</summary>
    public byte[] AgreeWith(ECDiffieHellmanPublicKey ephemeral) => _key.DeriveRawSecretAgreement(ephemeral);
}

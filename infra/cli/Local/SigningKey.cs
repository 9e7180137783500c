using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Cli.Local;

/// <summary>A key tokens or grants are signed with: ES256 (P-256), PKCS#8 PEM.</summary>
/// <param name="PrivateFile">What the service signs with.</param>
/// <param name="PublicPem">SubjectPublicKeyInfo, what the broker verifies with.</param>
/// <param name="KeyId">RFC 7638 thumbprint of the public key, base64url: the `kid` of every token.</param>
public sealed record SigningKey(string PrivateFile, string PublicPem, string KeyId)
{
    public static SigningKey Open(string file)
    {
        using var key = ECDsa.Create();
        key.ImportFromPem(Local.PrivateFile.ReadOrCreate(file, () =>
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return fresh.ExportPkcs8PrivateKeyPem() + "\n";
        }));
        return new(file, key.ExportSubjectPublicKeyInfoPem() + "\n", Thumbprint(key));
    }

    private static string Thumbprint(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
    }
}

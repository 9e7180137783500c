using System.Buffers.Text;
using System.Globalization;
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

    /// <summary>It, and those that lie beside it to sign after it, in their order: the last part of their names is when they begin.</summary>
    public IReadOnlyList<SigningKey> WithSuccessors() =>
    [
        this,
        .. Directory.GetFiles(Path.GetDirectoryName(PrivateFile)!, $"{Path.GetFileNameWithoutExtension(PrivateFile)}.*Z{Path.GetExtension(PrivateFile)}").Order(StringComparer.Ordinal).Select(Open)
    ];

    /// <summary>When it begins to sign; null for the first.</summary>
    public DateTimeOffset? From => DateTimeOffset.TryParseExact(
        Path.GetFileNameWithoutExtension(PrivateFile).Split('.')[^1], Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var from) ? from : null;

    /// <summary>A new one that signs from a moment on.</summary>
    public SigningKey Successor(DateTimeOffset from) =>
        Open(Path.ChangeExtension(PrivateFile, $"{from.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture)}{Path.GetExtension(PrivateFile)}"));

    // As infra/defaults/Keys/KeyRing reads them.
    private const string Moment = "yyyyMMdd'T'HHmmss'Z'";

    private static string Thumbprint(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")));
    }
}

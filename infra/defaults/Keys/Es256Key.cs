using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Defaults;

/// <summary>A key a service signs with: ES256, P-256, from a PKCS#8 PEM file.</summary>
/// <param name="Id">RFC 7638 thumbprint, base64url: <c>kid</c> of everything it signs.</param>
/// <param name="X">base64url, as <paramref name="Y"/>.</param>
public sealed record Es256Key(string Id, string X, string Y, SigningCredentials Signing)
{
    /// <summary>Its public half, as it is published.</summary>
    public KeySet Published => new([new("EC", "sig", "ES256", "P-256", Id, X, Y)]);

    /// <param name="setting">Name of the setting that holds the file's path, e.g. <c>FLEET_IDENTITY_KEY</c>.</param>
    public static Es256Key Open(IConfiguration settings, string setting)
    {
        var file = settings[setting] ?? throw new InvalidOperationException($"{setting} is not set: the path of a PKCS#8 PEM file with a P-256 key");
        try
        {
            return Of(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new InvalidOperationException($"{setting}, {file}: {e.Message}", e);
        }
    }

    /// <exception cref="CryptographicException">Not a P-256 private key.</exception>
    public static Es256Key Of(string pem)
    {
        // Lives as long as the process: it signs everything.
        var key = ECDsa.Create();
        key.ImportFromPem(pem);
        if (key.ExportParameters(includePrivateParameters: true).Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
            throw new CryptographicException("ES256 needs a key on P-256");
        var security = new ECDsaSecurityKey(key);
        security.KeyId = Base64UrlEncoder.Encode(security.ComputeJwkThumbprint());
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(security);
        return new(security.KeyId, jwk.X, jwk.Y, new SigningCredentials(security, SecurityAlgorithms.EcdsaSha256));
    }
}

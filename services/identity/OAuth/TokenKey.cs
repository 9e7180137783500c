using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Identity.OAuth;

/// <summary>The key access tokens are signed with: ES256, P-256, from the PKCS#8 PEM file FLEET_IDENTITY_KEY names.</summary>
/// <param name="Id">RFC 7638 thumbprint, base64url: <c>kid</c> of every token, and the name the broker knows the public key by.</param>
/// <param name="X">base64url, as <paramref name="Y"/>.</param>
public sealed record TokenKey(string Id, string X, string Y, SigningCredentials Signing)
{
    public static TokenKey Open(IConfiguration settings)
    {
        var file = settings["FLEET_IDENTITY_KEY"]
            ?? throw new InvalidOperationException("FLEET_IDENTITY_KEY is not set: the path of a PKCS#8 PEM file with a P-256 key");
        try
        {
            return Of(File.ReadAllText(file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            throw new InvalidOperationException($"FLEET_IDENTITY_KEY, {file}: {e.Message}", e);
        }
    }

    /// <exception cref="CryptographicException">Not a P-256 private key.</exception>
    public static TokenKey Of(string pem)
    {
        // Lives as long as the process: it signs every token.
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

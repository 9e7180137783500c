using System.Buffers.Text;
using System.Security.Cryptography;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Agents;

/// <summary>A key an agent was enrolled with.</summary>
/// <param name="Id">RFC 7638 thumbprint, base64url.</param>
/// <param name="X">P-256 coordinate (RFC 7518 §6.2), base64url; null while only its revocation was heard.</param>
/// <param name="Y">The other one.</param>
/// <param name="RevokedAt">Null while it stands.</param>
public sealed record AgentKey(string Id, string? X, string? Y, DateTimeOffset? RevokedAt = null)
{
    public bool IsKnown => X is not null && Y is not null;

    public bool Signed(BatchSeal seal) => IsKnown && seal.Holds(this, Verify);

    private bool Verify(BatchSeal seal)
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        });
        return seal.Statement.IsSignedBy(key, seal.Signature);
    }
}

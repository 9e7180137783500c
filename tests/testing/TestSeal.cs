using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Identity.V1;

namespace Fleet.Testing;

/// <summary>What agents of tests sign with where whose key it is does not matter: the P-256 key the whole world knows from RFC 7517, appendix A.2.</summary>
public static class TestSeal
{
    public const string X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    private const string D = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";

    public static readonly string KeyId = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    /// <summary>What identity announces when such an agent is let in.</summary>
    public static AgentEnrolled Enrolled(string tenant, string site, string agent, DateTimeOffset at) => new(tenant, site, agent, KeyId, X, Y, at);

    /// <summary>Header <see cref="EdgeBatch.SignatureHeader"/>; each time another one.</summary>
    public static string Sign(string agent, long sequence, string previous, ReadOnlyMemory<byte> body)
    {
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars(D),
            Q = new() { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        });
        return Base64Url.EncodeToString(key.SignData(BatchStatement.Of(agent, sequence, previous, body).Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
    }
}

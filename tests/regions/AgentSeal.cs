using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Regions.Tests;

/// <summary>What every agent of these tests signs with: the P-256 key the whole world knows from RFC 7517, appendix A.2.</summary>
internal static class AgentSeal
{
    public const string X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

    private const string D = "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE";

    private static readonly string KeyId = Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{X}}","y":"{{Y}}"}""")));

    // By tenant and number: the next one names it as its predecessor, in whatever region it is said.
    private static readonly ConcurrentDictionary<(string Tenant, long Sequence), string> Bodies = new();

    // An agent signs a batch once, however often it sends it.
    private static readonly ConcurrentDictionary<(string Tenant, long Sequence, string Sha256), Dictionary<string, object?>> Sealed = new();

    public static Dictionary<string, object?> HeadersOf(string tenant, string agent, long sequence, byte[] body)
    {
        var sha256 = Bodies[(tenant, sequence)] = Convert.ToHexStringLower(SHA256.HashData(body));
        return Sealed.GetOrAdd((tenant, sequence, sha256), _ => Seal(tenant, agent, sequence, body));
    }

    private static Dictionary<string, object?> Seal(string tenant, string agent, long sequence, byte[] body)
    {
        var previous = Bodies.GetValueOrDefault((tenant, sequence - 1), new string('0', 64));
        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            D = Base64Url.DecodeFromChars(D),
            Q = new() { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
        });
        var signature = key.SignData(BatchStatement.Of(agent, sequence, previous, body).Bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return new()
        {
            [EdgeBatch.AgentHeader] = agent,
            [EdgeBatch.SequenceHeader] = sequence,
            [EdgeBatch.PreviousHeader] = previous,
            [EdgeBatch.KeyHeader] = KeyId,
            [EdgeBatch.SignatureHeader] = Base64Url.EncodeToString(signature),
        };
    }
}

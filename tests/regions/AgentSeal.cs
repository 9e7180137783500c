using System.Collections.Concurrent;
using System.Security.Cryptography;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;

namespace Fleet.Regions.Tests;

/// <summary>The chain of every agent of these tests.</summary>
internal static class AgentSeal
{
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
        return new()
        {
            [EdgeBatch.AgentHeader] = agent,
            [EdgeBatch.SequenceHeader] = sequence,
            [EdgeBatch.PreviousHeader] = previous,
            [EdgeBatch.KeyHeader] = TestSeal.KeyId,
            [EdgeBatch.SignatureHeader] = TestSeal.Sign(agent, sequence, previous, body),
        };
    }
}

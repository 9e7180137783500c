using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Edge;

/// <summary>What a batch brings along to be believed: which key, and its signature over the statement its headers and body make.</summary>
/// <param name="KeyId">RFC 7638 thumbprint, as said; not believed yet.</param>
/// <param name="Signature">r and s, 64 bytes.</param>
/// <param name="Leaves">The events as they stand in the body, which the statement's root is made of.</param>
public sealed record BatchSeal(string KeyId, BatchStatement Statement, byte[] Signature, IReadOnlyList<ReadOnlyMemory<byte>> Leaves)
{
    private const int SignatureBytes = 64;

    private (object Key, bool Holds)? _checked;

    /// <summary>The answer of a key, which a batch that is decided on twice need not give twice: it is most of the gate's work.</summary>
    public bool Holds(object key, Func<BatchSeal, bool> verify)
    {
        if (_checked is not { } known || !known.Key.Equals(key))
            _checked = known = (key, verify(this));
        return known.Holds;
    }

    /// <summary>Null when there is none to check: a header is missing or no such thing, or the body is no array.</summary>
    public static BatchSeal? Of(EdgeDelivery delivery)
    {
        if (delivery is not { Agent: { } agent, Sequence: { } sequence, Previous: { } previous, KeyId: { } key, Signature: { } signature } || Decoded(signature) is not { } bytes)
            return null;
        try
        {
            var leaves = BatchStatement.Events(delivery.Body);
            return new(key, new(agent, sequence, previous, Convert.ToHexStringLower(MerkleTree.Root(leaves))), bytes, leaves);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The same headers again: another one of them makes it another delivery, so that nobody can use up a true batch by sending it first with a false one.</summary>
    public static string Fingerprint(EdgeDelivery delivery) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{delivery.Previous}\n{delivery.KeyId}\n{delivery.Signature}")));

    private static byte[]? Decoded(string signature)
    {
        var bytes = new byte[SignatureBytes];
        return Base64Url.IsValid(signature, out var length) && length == SignatureBytes && Base64Url.TryDecodeFromChars(signature, bytes, out _) ? bytes : null;
    }
}

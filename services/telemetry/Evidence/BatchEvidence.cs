using System.Buffers.Text;

namespace Fleet.Telemetry.Evidence;

/// <summary>
/// What is kept of an accepted batch besides what it means, so that anybody can check again, without us, that its agent signed what is stored:
/// the statement (agent, number, previous, Merkle root; decision 0003) is made anew from the leaves, and the signature is over it.
/// </summary>
/// <param name="Signature">Of the agent's key over the statement: r and s, base64url.</param>
/// <param name="Leaves"><see cref="PackedLeaves"/>: the events as they were signed; of one that may not be kept, its hash alone.</param>
/// <param name="Written">Hex of <see cref="WrittenSum"/> over all that was stored because of it: a stored byte that is changed later shows.</param>
public sealed record BatchEvidence(string Signature, string Leaves, string Written)
{
    /// <summary>Header of a stored event: the batch it came with, <c>{site}/{agent}/{sequence}</c>, and behind a fourth slash the place of the edge event in it, from 0.</summary>
    public const string BatchHeader = "fleet-batch";

    /// <summary>Before the sum is known.</summary>
    public static BatchEvidence Of(byte[] signature, IReadOnlyList<Leaf> leaves) => new(Base64Url.EncodeToString(signature), PackedLeaves.Pack(leaves), "");
}

/// <summary>One event of a batch.</summary>
/// <param name="Bytes">As it stands in the body.</param>
/// <param name="Kept">False for what no consent covered: then only its hash may stay.</param>
public readonly record struct Leaf(ReadOnlyMemory<byte> Bytes, bool Kept);

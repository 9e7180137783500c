using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Evidence;

/// <summary>
/// The leaves of a batch in little room: for each its length as four bytes, big-endian, and its bytes; or length 0 and the 32 bytes of its leaf hash (RFC 6962 §2.1) where it was not kept.
/// All of it Brotli (RFC 7932), then base64.
/// </summary>
public static class PackedLeaves
{
    // Leaves of one batch are much alike; the cheap level finds most of it (a tenth of the size, at some hundred MB/s).
    private const int Quality = 2, Window = 20;

    public static string Pack(IReadOnlyList<Leaf> leaves)
    {
        var plain = new ArrayBufferWriter<byte>(leaves.Sum(leaf => sizeof(int) + (leaf.Kept ? leaf.Bytes.Length : 32)));
        foreach (var leaf in leaves)
        {
            BinaryPrimitives.WriteInt32BigEndian(plain.GetSpan(sizeof(int)), leaf.Kept ? leaf.Bytes.Length : 0);
            plain.Advance(sizeof(int));
            plain.Write(leaf.Kept ? leaf.Bytes.Span : MerkleTree.Leaf(leaf.Bytes.Span));
        }
        var packed = ArrayPool<byte>.Shared.Rent(BrotliEncoder.GetMaxCompressedLength(plain.WrittenCount));
        try
        {
            return BrotliEncoder.TryCompress(plain.WrittenSpan, packed, out var size, Quality, Window)
                ? Convert.ToBase64String(packed.AsSpan(0, size))
                : throw new InvalidOperationException("There was room for the worst case");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }
}

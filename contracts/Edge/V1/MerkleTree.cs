using System.Numerics;
using System.Security.Cryptography;

namespace Fleet.Contracts.Edge.V1;

/// <summary>
/// Merkle tree hashes of RFC 6962 §2.1 over SHA-256: a leaf is SHA-256(0x00 ‖ bytes), a node SHA-256(0x01 ‖ left ‖ right). One leaf can be shown to be in a
/// tree by a path of at most ⌈log₂ n⌉ hashes, without the other leaves.
/// </summary>
public static class MerkleTree
{
    /// <summary>The tree's hash; SHA-256 of nothing for an empty one.</summary>
    public static byte[] Root(IReadOnlyList<ReadOnlyMemory<byte>> leaves) => leaves.Count == 0 ? SHA256.HashData([]) : Root(leaves, 0, leaves.Count);

    /// <summary>The same of leaves of which the hash is all that is known.</summary>
    /// <param name="leaves">Of each its <see cref="Leaf"/>.</param>
    public static byte[] RootOfHashes(IReadOnlyList<byte[]> leaves) => leaves.Count == 0 ? SHA256.HashData([]) : RootOfHashes(leaves, 0, leaves.Count);

    /// <summary>The hash of one leaf.</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> bytes) => Hash(0x00, bytes, []);

    /// <summary>The audit path of a leaf (§2.1.1), from its neighbour up.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<byte[]> Path(int leaf, IReadOnlyList<ReadOnlyMemory<byte>> leaves)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(leaf);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(leaf, leaves.Count);
        var path = new List<byte[]>();
        Walk(leaves, leaf, 0, leaves.Count, path);
        return path;
    }

    /// <summary>True when these bytes are leaf number <paramref name="leaf"/> of a tree of <paramref name="size"/> leaves with this root.</summary>
    public static bool Proves(ReadOnlySpan<byte> bytes, int leaf, int size, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (leaf < 0 || leaf >= size)
            return false;
        // RFC 9162 §2.1.3.2, which says how to check what §2.1.1 of RFC 6962 builds.
        var (at, last, hash) = (leaf, size - 1, Leaf(bytes));
        foreach (var neighbour in path)
        {
            if (last == 0)
                return false;
            if ((at & 1) == 1 || at == last)
            {
                hash = Node(neighbour, hash);
                while ((at & 1) == 0 && at != 0)
                    (at, last) = (at >> 1, last >> 1);
            }
            else
            {
                hash = Node(hash, neighbour);
            }
            (at, last) = (at >> 1, last >> 1);
        }
        return last == 0 && root.SequenceEqual(hash);
    }

    private static void Walk(IReadOnlyList<ReadOnlyMemory<byte>> leaves, int leaf, int from, int count, List<byte[]> path)
    {
        if (count == 1)
            return;
        var left = Split(count);
        if (leaf < left)
        {
            Walk(leaves, leaf, from, left, path);
            path.Add(Root(leaves, from + left, count - left));
        }
        else
        {
            Walk(leaves, leaf - left, from + left, count - left, path);
            path.Add(Root(leaves, from, left));
        }
    }

    private static byte[] Root(IReadOnlyList<ReadOnlyMemory<byte>> leaves, int from, int count)
    {
        if (count == 1)
            return Leaf(leaves[from].Span);
        var left = Split(count);
        return Node(Root(leaves, from, left), Root(leaves, from + left, count - left));
    }

    // The largest power of two smaller than the count.
    private static int Split(int count) => 1 << BitOperations.Log2((uint)(count - 1));

    private static byte[] RootOfHashes(IReadOnlyList<byte[]> leaves, int from, int count)
    {
        if (count == 1)
            return leaves[from];
        var left = Split(count);
        return Node(RootOfHashes(leaves, from, left), RootOfHashes(leaves, from + left, count - left));
    }

    private static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => Hash(0x01, left, right);

    private static byte[] Hash(byte prefix, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([prefix]);
        hash.AppendData(first);
        hash.AppendData(second);
        return hash.GetHashAndReset();
    }
}

using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Cli.Streams;

/// <summary>An accepted batch with its evidence, read from a stored <c>batch_accepted</c>.</summary>
/// <param name="Leaves">Each edge event as it was signed; null where only its hash was kept.</param>
public sealed record SealedBatch(BatchStatement Statement, string KeyId, byte[] Signature, IReadOnlyList<byte[]?> Leaves, string Written)
{
    private const int HashBytes = 32;

    /// <returns>Null for a batch that was not signed.</returns>
    /// <exception cref="Exception">Of the kinds <see cref="IsUnreadable"/> knows: the evidence is no such thing.</exception>
    public static SealedBatch? Of(string agent, JsonElement accepted)
    {
        if (!accepted.TryGetProperty("evidence", out var evidence))
            return null;
        var (hashes, leaves) = Unpack(evidence.GetProperty("leaves").GetBytesFromBase64());
        return new(
            new(agent, accepted.GetProperty("sequence").GetInt64(), accepted.GetProperty("previous").GetString()!, Convert.ToHexStringLower(MerkleTree.RootOfHashes(hashes))),
            accepted.GetProperty("keyId").GetString()!, Base64Url.DecodeFromChars(evidence.GetProperty("signature").GetString()), leaves, evidence.GetProperty("written").GetString()!);
    }

    public static bool IsUnreadable(Exception e) =>
        e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException or InvalidDataException or ArgumentException or CryptographicException or EndOfStreamException;

    // Each: its length as four bytes, big-endian, and its bytes; or 0 and its hash.
    private static (List<byte[]> Hashes, List<byte[]?> Leaves) Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        var (hashes, leaves, length) = (new List<byte[]>(), new List<byte[]?>(), new byte[sizeof(int)]);
        while (brotli.ReadAtLeast(length, sizeof(int), throwOnEndOfStream: false) is var read and > 0)
        {
            var bytes = read == sizeof(int) ? BinaryPrimitives.ReadInt32BigEndian(length) : throw new InvalidDataException("half a length");
            if (bytes is < 0 or > EdgeBatch.LargestBody)
                throw new InvalidDataException($"a leaf of {bytes} bytes");
            var leaf = new byte[bytes == 0 ? HashBytes : bytes];
            brotli.ReadExactly(leaf);
            hashes.Add(bytes == 0 ? leaf : MerkleTree.Leaf(leaf));
            leaves.Add(bytes == 0 ? null : leaf);
        }
        return (hashes, leaves);
    }
}

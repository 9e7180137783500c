using System.Buffers.Binary;
using System.Numerics;

namespace Fleet.Snmp.Usm;

/// <summary>
/// SHA-224 and its HMAC (FIPS 180-4 §6.3, RFC 2104), which the framework leaves out and no kept library this project can restore has. It is
/// SHA-256 with another start and a shorter end, so the tests hold this compression against the framework's SHA-256.
/// </summary>
internal static class Sha224
{
    private const int Block = 64, LengthField = 8;

    private static ReadOnlySpan<uint> Start =>
        [0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939, 0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4];

    private static ReadOnlySpan<uint> Rounds =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
    ];

    public static void Hash(ReadOnlySpan<byte> source, Span<byte> destination) => Hash(Start, [], source, destination[..28]);

    public static void Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Span<byte> inner = stackalloc byte[Block], outer = stackalloc byte[Block], digest = stackalloc byte[28];
        inner.Clear();
        if (key.Length > Block) Hash(key, inner);
        else key.CopyTo(inner);
        inner.CopyTo(outer);
        for (var i = 0; i < Block; i++) (inner[i], outer[i]) = ((byte)(inner[i] ^ 0x36), (byte)(outer[i] ^ 0x5c));
        Hash(Start, inner, source, digest);
        Hash(Start, outer, digest, destination[..28]);
    }

    /// <param name="first">One whole block before the source, or nothing.</param>
    /// <param name="destination">As long as the digest shall be: 28 octets, or 32 for SHA-256.</param>
    internal static void Hash(ReadOnlySpan<uint> start, ReadOnlySpan<byte> first, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Span<uint> state = stackalloc uint[8];
        start.CopyTo(state);
        if (!first.IsEmpty) Compress(state, first);
        var bits = (ulong)(first.Length + source.Length) * 8;
        for (; source.Length >= Block; source = source[Block..]) Compress(state, source);

        Span<byte> tail = stackalloc byte[2 * Block];
        tail.Clear();
        source.CopyTo(tail);
        tail[source.Length] = 0x80;
        tail = tail[..(source.Length + 1 + LengthField <= Block ? Block : 2 * Block)];
        BinaryPrimitives.WriteUInt64BigEndian(tail[^LengthField..], bits);
        for (; !tail.IsEmpty; tail = tail[Block..]) Compress(state, tail);
        for (var i = 0; i < destination.Length; i += 4) BinaryPrimitives.WriteUInt32BigEndian(destination[i..], state[i / 4]);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        unchecked
        {
            Span<uint> w = stackalloc uint[64];
            for (var t = 0; t < 16; t++) w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(t * 4)..]);
            for (var t = 16; t < 64; t++)
            {
                var (x, y) = (w[t - 15], w[t - 2]);
                w[t] = w[t - 16] + (BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3))
                    + w[t - 7] + (BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10));
            }
            var (a, b, c, d, e, f, g, h) = (state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7]);
            for (var t = 0; t < 64; t++)
            {
                var t1 = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25)) + ((e & f) ^ (~e & g)) + Rounds[t] + w[t];
                var t2 = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
                (h, g, f, e, d, c, b, a) = (g, f, e, d + t1, c, b, a, t1 + t2);
            }
            (state[0], state[1], state[2], state[3]) = (state[0] + a, state[1] + b, state[2] + c, state[3] + d);
            (state[4], state[5], state[6], state[7]) = (state[4] + e, state[5] + f, state[6] + g, state[7] + h);
        }
    }
}

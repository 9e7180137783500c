using System.Buffers.Binary;

namespace Fleet.Agent.Events;

/// <summary>UUID version 7 (RFC 9562 §5.7) from a given time and given randomness: sorts by time, and a test can foretell it.</summary>
public static class EventId
{
    /// <param name="random">At least ten random bytes; 74 bits of them are used.</param>
    public static Guid At(DateTimeOffset time, ReadOnlySpan<byte> random)
    {
        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, time.ToUnixTimeMilliseconds() << 16);
        random[..10].CopyTo(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0f));
        id[8] = (byte)(0x80 | (id[8] & 0x3f));
        return new(id, bigEndian: true);
    }
}

namespace Fleet.Snmp;

/// <summary>X.690 §8.19.2: seven bits a byte, big-endian, the high bit says that another byte follows.</summary>
internal static class Base128
{
    public const int MaxBytes = 5;

    public static int Write(uint arc, Span<byte> destination)
    {
        var length = arc switch { < 1u << 7 => 1, < 1u << 14 => 2, < 1u << 21 => 3, < 1u << 28 => 4, _ => 5 };
        for (var i = length - 1; i >= 0; i--, arc >>= 7)
            destination[i] = (byte)((arc & 0x7f) | (i == length - 1 ? 0u : 0x80u));
        return length;
    }

    /// <summary>Reads one arc of bytes that were checked before.</summary>
    public static uint Read(ref ReadOnlySpan<byte> source)
    {
        uint arc = 0;
        for (var i = 0; ; i++)
        {
            arc = (arc << 7) | (source[i] & 0x7fu);
            if (source[i] >= 0x80) continue;
            source = source[(i + 1)..];
            return arc;
        }
    }

    /// <summary>Steps over one arc, refusing what is not the one minimal form of a 32-bit number, so that equal OIDs are equal bytes.</summary>
    public static void Check(ref ReadOnlySpan<byte> source)
    {
        if (source[0] == 0x80) throw new SnmpFormatException("OID arc with leading zeros");
        for (var i = 0; i < source.Length && i < MaxBytes; i++)
        {
            if (source[i] >= 0x80) continue;
            if (i == MaxBytes - 1 && source[0] > 0x8f) break;
            source = source[(i + 1)..];
            return;
        }
        throw new SnmpFormatException("OID arc cut off or larger than 32 bits");
    }
}

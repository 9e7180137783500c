namespace Fleet.Printers;

/// <summary>Records of <c>id, 01, length, big-endian value</c> ended by <c>ff</c> (Brother). A block that does not keep to this ends where it stops doing so.</summary>
internal static class ByteBlock
{
    private const byte End = 0xff, Number = 0x01;

    /// <summary>The value under an id, or null: no such record, another length than asked, or more than eight bytes.</summary>
    public static long? Find(ReadOnlySpan<byte> block, byte id, int? bytes)
    {
        while (block is [not End, Number, var length, ..] && block.Length >= 3 + length)
        {
            var value = block.Slice(3, length);
            if (block[0] == id) return length is > 0 and < 8 && (bytes ?? length) == length ? ToInt64(value) : null;
            block = block[(3 + length)..];
        }
        return null;
    }

    private static long ToInt64(ReadOnlySpan<byte> bigEndian)
    {
        long value = 0;
        foreach (var b in bigEndian) value = (value << 8) | b;
        return value;
    }
}

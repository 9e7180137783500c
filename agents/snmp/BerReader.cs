using System.Formats.Asn1;

namespace Fleet.Snmp;

/// <summary>
/// Reads tag, length, content one after another. Framing is the framework's; numbers are read here, because real agents send
/// integers that are not minimal, which X.690 forbids and every SNMP tool accepts.
/// </summary>
internal ref struct BerReader(ReadOnlySpan<byte> source)
{
    public const byte Sequence = 0x30;

    private ReadOnlySpan<byte> rest = source;

    public readonly bool IsEmpty => rest.IsEmpty;

    public ReadOnlySpan<byte> Read(byte expected)
    {
        var content = Read(out var tag);
        return tag == expected ? content : throw new SnmpFormatException($"Tag {tag:x2} where {expected:x2} belongs");
    }

    public ReadOnlySpan<byte> Read(out byte tag)
    {
        // RFC 3417 §8 allows only definite lengths, and SNMP has no tags of several bytes; refused before the framework sees them.
        if (rest.Length < 2 || rest[1] == 0x80 || (rest[0] & 0x1f) == 0x1f) throw new SnmpFormatException("Cut off, a length left open, or a long tag");
        tag = rest[0];
        if (!AsnDecoder.TryReadEncodedValue(rest, AsnEncodingRules.BER, out _, out var offset, out var length, out var consumed))
            throw new SnmpFormatException($"Tag {tag:x2} with a length beyond the {rest.Length} bytes there are");
        var content = rest.Slice(offset, length);
        rest = rest[consumed..];
        return content;
    }

    /// <summary>The next value with its tag and length, whatever it is.</summary>
    public ReadOnlySpan<byte> ReadWhole()
    {
        var before = rest;
        Read(out _);
        return before[..(before.Length - rest.Length)];
    }

    public int ReadInt32() =>
        ToInt64(Read((byte)SnmpType.Integer32)) is >= int.MinValue and <= int.MaxValue and var value
            ? (int)value
            : throw new SnmpFormatException("Integer beyond 32 bits");

    public static long ToInt64(ReadOnlySpan<byte> content)
    {
        if (content.Length is 0 or > 8) throw new SnmpFormatException($"Integer of {content.Length} bytes");
        long value = unchecked((sbyte)content[0]);
        foreach (var b in content[1..]) value = unchecked((value << 8) | b);
        return value;
    }

    /// <summary>Unsigned: a leading zero byte is allowed, and a high bit without one (a common mistake) still means a large number.</summary>
    public static ulong ToUInt64(ReadOnlySpan<byte> content, int width)
    {
        if (content.IsEmpty || content.Length > width + 1 || (content.Length > width && content[0] != 0))
            throw new SnmpFormatException($"Unsigned number of {content.Length} bytes");
        ulong value = 0;
        foreach (var b in content) value = (value << 8) | b;
        return value;
    }
}

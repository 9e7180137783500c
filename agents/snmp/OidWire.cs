namespace Fleet.Snmp;

public readonly partial struct Oid
{
    /// <summary>Largest content of one OID on the wire: 128 arcs of five bytes.</summary>
    internal const int MaxWireBytes = MaxArcs * Base128.MaxBytes;

    // X.690 §8.19.4: the first two arcs share one number, 40 * first + second.
    internal static Oid FromWire(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty) return default;    // seen from real agents; stands for 0.0
        if (content.Length > MaxWireBytes) throw new SnmpFormatException($"OID of {content.Length} bytes");
        var count = 1;
        var rest = content;
        while (!rest.IsEmpty)
        {
            if (++count > MaxArcs) throw new SnmpFormatException($"OID of more than {MaxArcs} arcs");
            Base128.Check(ref rest);
        }

        rest = content;
        var fused = Base128.Read(ref rest);
        var first = Math.Min(fused / 40, 2);
        Span<byte> head = stackalloc byte[1 + Base128.MaxBytes];
        head[0] = (byte)first;
        var headLength = 1 + Base128.Write(fused - first * 40, head[1..]);
        var arcs = new byte[headLength + rest.Length];
        head[..headLength].CopyTo(arcs);
        rest.CopyTo(arcs.AsSpan(headLength));
        return new(arcs);
    }

    internal int WriteWire(Span<byte> destination)
    {
        if (IsEmpty) return Base128.Write(0, destination);
        var rest = Bytes;
        var first = Base128.Read(ref rest);
        var second = rest.IsEmpty ? 0 : Base128.Read(ref rest);
        if (first > 2 || (first < 2 && second > 39) || second > uint.MaxValue - 80)
            throw new SnmpFormatException($"{this} cannot be sent: X.690 has no encoding for these first two arcs");
        var written = Base128.Write(first * 40 + second, destination);
        rest.CopyTo(destination[written..]);
        return written + rest.Length;
    }
}

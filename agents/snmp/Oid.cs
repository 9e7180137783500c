using System.Diagnostics.CodeAnalysis;

namespace Fleet.Snmp;

/// <summary>
/// A sequence of arcs: an object identifier (<c>1.3.6.1.2.1.43</c>) or, after <see cref="Below"/>, a table index (<c>1.3</c>).
/// At most 128 arcs of 32 bits (RFC 2578 §3.5). Ordered arc by arc as SNMP walks are.
/// </summary>
/// <remarks>
/// Kept as base-128 arcs, one array of about a byte per arc: equality, hash and prefix are plain byte operations,
/// and reading it from the wire is a copy.
/// </remarks>
public readonly partial struct Oid : IEquatable<Oid>, IComparable<Oid>
{
    public const int MaxArcs = 128;

    private readonly byte[]? arcs;

    internal Oid(byte[] arcs) => this.arcs = arcs;

    public Oid(params ReadOnlySpan<uint> arcs)
    {
        if (arcs.Length > MaxArcs) throw new SnmpFormatException($"An OID has at most {MaxArcs} arcs, not {arcs.Length}");
        Span<byte> buffer = stackalloc byte[MaxArcs * Base128.MaxBytes];
        var length = 0;
        foreach (var arc in arcs) length += Base128.Write(arc, buffer[length..]);
        this.arcs = buffer[..length].ToArray();
    }

    internal ReadOnlySpan<byte> Bytes => arcs;

    public bool IsEmpty => Bytes.IsEmpty;

    public int Count
    {
        get
        {
            var count = 0;
            foreach (var b in Bytes) if (b < 0x80) count++;
            return count;
        }
    }

    /// <summary>The arc at a position; negative positions count from the end. Throws <see cref="ArgumentOutOfRangeException"/> outside.</summary>
    public uint this[int position]
    {
        get
        {
            var rest = Bytes;
            for (var skip = position < 0 ? Count + position : position; skip >= 0 && !rest.IsEmpty; skip--)
            {
                var arc = Base128.Read(ref rest);
                if (skip == 0) return arc;
            }
            throw new ArgumentOutOfRangeException(nameof(position), position, $"{this} has {Count} arcs");
        }
    }

    public bool StartsWith(Oid prefix) => Bytes.StartsWith(prefix.Bytes);

    /// <summary>What follows the prefix: the index of a column's row. Empty when it does not start so.</summary>
    public Oid Below(Oid prefix) => StartsWith(prefix) ? new(Bytes[prefix.Bytes.Length..].ToArray()) : default;

    public Oid Append(Oid index) => Count + index.Count <= MaxArcs
        ? new([.. Bytes, .. index.Bytes])
        : throw new SnmpFormatException($"{this} and {index} are more than {MaxArcs} arcs together");

    public Oid Append(params ReadOnlySpan<uint> index) => Append(new Oid(index));

    public int CompareTo(Oid other)
    {
        var same = Bytes.CommonPrefixLength(other.Bytes);
        while (same > 0 && Bytes[same - 1] >= 0x80) same--;     // back to where an arc begins
        var mine = Bytes[same..];
        var theirs = other.Bytes[same..];
        if (mine.IsEmpty || theirs.IsEmpty) return mine.Length.CompareTo(theirs.Length);
        return Base128.Read(ref mine).CompareTo(Base128.Read(ref theirs));
    }

    public bool Equals(Oid other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Oid other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Bytes);
        return hash.ToHashCode();
    }

    public static bool operator ==(Oid left, Oid right) => left.Equals(right);
    public static bool operator !=(Oid left, Oid right) => !left.Equals(right);
    public static bool operator <(Oid left, Oid right) => left.CompareTo(right) < 0;
    public static bool operator >(Oid left, Oid right) => left.CompareTo(right) > 0;
    public static bool operator <=(Oid left, Oid right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Oid left, Oid right) => left.CompareTo(right) >= 0;
}

using System.Globalization;

namespace Fleet.Snmp;

public readonly partial struct Oid : ISpanParsable<Oid>
{
    /// <summary>Reads dotted decimal, with or without the leading dot some tools write. Throws <see cref="SnmpFormatException"/>.</summary>
    public static Oid Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var oid) ? oid : throw new SnmpFormatException($"'{text[..Math.Min(text.Length, 80)]}' is not an OID");

    public static Oid Parse(string text) => Parse(text.AsSpan());

    public static bool TryParse(ReadOnlySpan<char> text, out Oid oid)
    {
        oid = default;
        if (text.StartsWith('.')) text = text[1..];
        Span<uint> arcs = stackalloc uint[MaxArcs];
        var count = 0;
        foreach (var part in text.Split('.'))
        {
            if (count == MaxArcs || !uint.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out arcs[count])) return false;
            count++;
        }
        oid = new(arcs[..count]);
        return true;
    }

    /// <summary>Dotted decimal without a leading dot.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[4 * Bytes.Length];    // seven bits a byte: three digits and a dot
        var length = 0;
        for (var rest = Bytes; !rest.IsEmpty; text[length++] = '.')
        {
            Base128.Read(ref rest).TryFormat(text[length..], out var digits, default, CultureInfo.InvariantCulture);
            length += digits;
        }
        return new(text[..Math.Max(0, length - 1)]);
    }

    static Oid ISpanParsable<Oid>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);
    static bool ISpanParsable<Oid>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Oid result) => TryParse(s, out result);
    static Oid IParsable<Oid>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<Oid>.TryParse(string? s, IFormatProvider? provider, out Oid result) => TryParse(s, out result);
}

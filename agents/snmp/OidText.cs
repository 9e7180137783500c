using System.Globalization;
using System.Text;

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
        var text = new StringBuilder(Bytes.Length * 2);
        for (var rest = Bytes; !rest.IsEmpty;)
        {
            if (text.Length > 0) text.Append('.');
            text.Append(CultureInfo.InvariantCulture, $"{Base128.Read(ref rest)}");
        }
        return text.ToString();
    }

    static Oid ISpanParsable<Oid>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);
    static bool ISpanParsable<Oid>.TryParse(ReadOnlySpan<char> s, IFormatProvider? provider, out Oid result) => TryParse(s, out result);
    static Oid IParsable<Oid>.Parse(string s, IFormatProvider? provider) => Parse(s);
    static bool IParsable<Oid>.TryParse(string? s, IFormatProvider? provider, out Oid result) => TryParse(s, out result);
}

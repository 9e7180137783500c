using System.Text;
using System.Text.Unicode;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Octets of a device -> text one can show: decoded, without control characters, NULs and blanks around it. Never used on bit fields.</summary>
internal static class DeviceText
{
    private const int MaxLength = 255;

    static DeviceText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Text, or null when there is none.</summary>
    /// <param name="charset">IANA MIBenum the device declares (prtLocalizationCharacterSet); used only where the octets are not UTF-8.</param>
    public static string? Clean(SnmpValue value, int? charset = null)
    {
        if (value.Type is not SnmpType.OctetString) return null;
        var octets = value.Octets;
        if (octets.StartsWith<byte>([0x01, 0x15])) octets = octets[2..];     // how HP's vendor objects mark a string
        Span<char> text = stackalloc char[MaxLength];
        var length = 0;
        foreach (var c in Decode(octets, charset))
        {
            if (length == MaxLength) break;
            var blank = char.IsControl(c) || char.IsWhiteSpace(c) || c == '\ufffd';
            if (!blank) text[length++] = c;
            else if (length > 0 && text[length - 1] != ' ') text[length++] = ' ';
        }
        if (length > 0 && char.IsHighSurrogate(text[length - 1])) length--;
        return text[..length].TrimEnd() is { IsEmpty: false } shown ? new(shown) : null;
    }

    public static bool IsUtf8(SnmpValue value) => Utf8.IsValid(value.Octets);

    private static string Decode(ReadOnlySpan<byte> octets, int? charset) =>
        Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : (CodePage(charset) is { } page ? Encoding.GetEncoding(page) : Encoding.Latin1).GetString(octets);

    // https://www.iana.org/assignments/character-sets: MIBenum -> code page
    private static int? CodePage(int? charset) => charset switch
    {
        >= 5 and <= 12 => 28592 + (charset - 5),    // ISO 8859-2 .. -9
        17 => 932,                                   // Shift_JIS
        18 => 51932,                                 // EUC-JP
        38 => 51949,                                 // EUC-KR
        109 => 28603,
        111 => 28605,
        113 or 2025 => 936,                          // GBK, GB 2312
        114 => 54936,
        2009 => 850,
        2011 => 437,
        2026 => 950,                                 // Big5
        >= 2250 and <= 2258 => 1250 + (charset - 2250),
        2259 => 874,
        _ => null
    };
}

using System.Buffers;
using System.Text;

namespace Fleet.Telemetry.Meters;

/// <summary>
/// The closing counts of the seven days of a week in few bytes: a counter is one byte, a day's count what it is more than the day before's. A million devices have as many such
/// rows a week, and most of a row would otherwise be its name.
/// </summary>
public sealed class MeterWeek
{
    // Written into rows: only ever appended to. Other names are written out.
    private static readonly string[] Known =
    [
        "life", "total", "mono", "color", "print", "copy", "fax", "scan", "duplex", "print.mono", "print.color", "copy.mono", "copy.color", "fax.mono", "fax.color",
        "scan.mono", "scan.color", "scan.copy", "scan.fax", "scan.email", "scan.hdd", "scan.other", "scan.flatbed", "scan.feeder", "a3", "a3.mono", "a3.color", "a4.mono", "a4.color",
        "blank", "jams", "length", "images", "images.black", "images.cyan", "images.magenta", "images.yellow",
    ];

    private const int Days = 7;
    private static readonly DateOnly Monday = new(2000, 1, 3);
    private readonly SortedDictionary<string, long>?[] _days = new SortedDictionary<string, long>?[Days];

    public static int NumberOf(DateOnly day) => (int)Math.Floor((day.DayNumber - Monday.DayNumber) / (double)Days);

    public static DateOnly FirstOf(int week) => Monday.AddDays(week * Days);

    /// <summary>The last count of each counter on a day of the week; null: no reading.</summary>
    public SortedDictionary<string, long>? this[DateOnly day]
    {
        get => _days[IndexOf(day)];
        set => _days[IndexOf(day)] = value is { Count: 0 } ? null : value;
    }

    public void Close(DateOnly day, string counter, long value) => (_days[IndexOf(day)] ??= new(StringComparer.Ordinal))[counter] = value;

    public byte[] Write()
    {
        var bytes = new ArrayBufferWriter<byte>(128);
        var names = _days.OfType<SortedDictionary<string, long>>().SelectMany(day => day.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
        Number(bytes, (ulong)names.Count);
        foreach (var name in names)
            Name(bytes, name);
        Number(bytes, (ulong)_days.Index().Sum(day => day.Item is null ? 0 : 1 << day.Index));
        var last = new long[names.Count];
        foreach (var day in _days.OfType<SortedDictionary<string, long>>())
            for (var i = 0; i < names.Count; i++)
                if (day.TryGetValue(names[i], out var value))
                {
                    var more = unchecked(value - last[i]);
                    // Zigzag, so that a count that fell is as short; and one more, because 0 is a counter the day did not tell.
                    Number(bytes, 1 + (UInt128)unchecked((ulong)((more << 1) ^ (more >> 63))));
                    last[i] = value;
                }
                else
                    Number(bytes, 0);
        return bytes.WrittenSpan.ToArray();
    }

    public static MeterWeek Read(ReadOnlySpan<byte> bytes)
    {
        var week = new MeterWeek();
        var names = new string[(int)Number(ref bytes)];
        for (var i = 0; i < names.Length; i++)
            names[i] = Name(ref bytes);
        var present = (int)Number(ref bytes);
        var last = new long[names.Length];
        for (var day = 0; day < Days; day++)
            if ((present & (1 << day)) != 0)
                for (var i = 0; i < names.Length; i++)
                    if (Number(ref bytes) is var told && told > 0)
                    {
                        var more = (ulong)(told - 1);
                        last[i] = unchecked(last[i] + ((long)(more >> 1) ^ -(long)(more & 1)));
                        (week._days[day] ??= new(StringComparer.Ordinal))[names[i]] = last[i];
                    }
        return week;
    }

    private static int IndexOf(DateOnly day) => day.DayNumber - FirstOf(NumberOf(day)).DayNumber;

    private static void Name(ArrayBufferWriter<byte> bytes, string name)
    {
        var known = Array.IndexOf(Known, name) + 1;
        Number(bytes, (ulong)known);
        if (known > 0)
            return;
        Number(bytes, (ulong)Encoding.UTF8.GetByteCount(name));
        Encoding.UTF8.GetBytes(name, bytes);
    }

    private static string Name(ref ReadOnlySpan<byte> bytes)
    {
        if (Number(ref bytes) is var known && known > 0)
            return Known[(int)known - 1];
        var length = (int)Number(ref bytes);
        var name = Encoding.UTF8.GetString(bytes[..length]);
        bytes = bytes[length..];
        return name;
    }

    // LEB128: seven bits a byte, the lowest first.
    private static void Number(ArrayBufferWriter<byte> bytes, UInt128 number)
    {
        do
        {
            var seven = (byte)(number & 0x7f);
            number >>= 7;
            bytes.Write([number == 0 ? seven : (byte)(seven | 0x80)]);
        }
        while (number != 0);
    }

    private static UInt128 Number(ref ReadOnlySpan<byte> bytes)
    {
        UInt128 number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var seven = bytes[0];
            bytes = bytes[1..];
            number |= (UInt128)(seven & 0x7f) << shift;
            if ((seven & 0x80) == 0)
                return number;
        }
    }
}

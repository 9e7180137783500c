using System.Globalization;
using System.Net;
using System.Text;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>A capture that cannot be read; the message names file and line.</summary>
public sealed class CaptureException(string message) : Exception(message);

/// <summary>
/// A recorded device: one <c>OID|type|value</c> a line, as snmpsim's <c>.snmprec</c>. Types are BER tags in decimal (2 integer, 4 text, 6 OID, 64 address, 65 counter, 66 gauge,
/// 67 ticks, 70 counter64); <c>x</c> behind one: the value is hex; <c>:module</c>: a value that moves, taken where it begins.
/// </summary>
public sealed class Capture : IQuestioned
{
    private readonly SortedList<Oid, SnmpValue> objects = [];

    private Capture() { }

    public int Count => objects.Count;

    /// <summary>In the order of a walk.</summary>
    public IReadOnlyDictionary<Oid, SnmpValue> Objects => objects;

    /// <exception cref="CaptureException">It cannot be read, or a line is none.</exception>
    public static Capture Load(string file)
    {
        try
        {
            return Read(File.ReadLines(file, Encoding.Latin1), Path.GetFileName(file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CaptureException($"{file}: {unreadable.Message}");
        }
    }

    /// <param name="lines">One character a byte (Latin-1): device texts are in any character set.</param>
    public static Capture Read(IEnumerable<string> lines, string name)
    {
        var capture = new Capture();
        foreach (var (line, number) in lines.Select((line, at) => (line, at + 1)).Where(one => one.line.Trim().Length > 0 && one.line[0] != '#'))
        {
            if (line.Split('|', 3) is not [var oid, var type, var value] || !Oid.TryParse(oid.TrimStart('.'), out var at) || Value(type, value) is not { } known)
                throw new CaptureException(string.Create(CultureInfo.InvariantCulture, $"{name}:{number}: not OID|type|value, or no value of that type"));
            capture.objects[at] = known;
        }
        return capture;
    }

    /// <summary>Whether a text is what the capture holds at an OID; a MAC address is its octets. <c>OID~</c>: or a part of it.</summary>
    public bool Says(string oid, string text) =>
        Oid.TryParse(oid.TrimEnd('~'), out var name) && objects.TryGetValue(name, out var value) && text.Length > 0
        && (DeviceText.Clean(value) == text || (oid.EndsWith('~') && DeviceText.Clean(value)?.Contains(text, StringComparison.Ordinal) == true)
            || string.Equals(value.ToString(), text.Replace(":", ""), StringComparison.OrdinalIgnoreCase));

    Task<SnmpReply> IQuestioned.GetAsync(IReadOnlyList<Oid> names) => Task.FromResult(new SnmpReply(
        SnmpOutcome.Answered, [.. names.Select(name => new VarBind(name, objects.GetValueOrDefault(name, SnmpValue.NoSuchInstance)))]));

    Task<SnmpTable> IQuestioned.TableAsync(IReadOnlyList<Oid> columns) => Task.FromResult(SnmpTable.Of(
        columns.Distinct().Select(column => (column, objects.Where(one => one.Key.StartsWith(column) && one.Key != column).Select(one => new VarBind(one.Key.Below(column), one.Value))))));

    IQuestioned? IQuestioned.WithCommunitySuffix(string suffix) => null;

    private static SnmpValue? Value(string type, string text)
    {
        var tag = type;
        if (type.Split(':') is [var moving, ..] && type.Contains(':'))
        {
            tag = moving;
            text = text.Split(',').Select(part => part.Split('=', 2)).Where(pair => pair is ["initial" or "value", _]).Select(pair => pair[1]).FirstOrDefault() ?? "0";
        }
        try
        {
            var octets = tag.EndsWith('x') ? Convert.FromHexString(text) : Encoding.Latin1.GetBytes(text);
            return tag.TrimEnd('x') switch
            {
                "2" => SnmpValue.Integer32(int.Parse(text, CultureInfo.InvariantCulture)),
                "4" => SnmpValue.OctetString(octets),
                "5" => SnmpValue.Null,
                "6" => SnmpValue.Oid(Oid.Parse(text.TrimStart('.'))),
                "64" => SnmpValue.IpAddress(octets.Length == 4 && tag.EndsWith('x') ? new(octets) : IPAddress.Parse(text)),
                "65" => SnmpValue.Counter32(uint.Parse(text, CultureInfo.InvariantCulture)),
                "66" => SnmpValue.Gauge32(uint.Parse(text, CultureInfo.InvariantCulture)),
                "67" => SnmpValue.TimeTicks(uint.Parse(text, CultureInfo.InvariantCulture)),
                "68" => SnmpValue.Opaque(octets),
                "70" => SnmpValue.Counter64(ulong.Parse(text, CultureInfo.InvariantCulture)),
                _ => null
            };
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}

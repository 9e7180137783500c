using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Fleet.Simulator.Pages;
using Fleet.Simulator.Printers;
using Fleet.Snmp;

namespace Fleet.Simulator.Mib;

/// <summary>
/// Values as personalities write them: <c>counter print.mono+copy.mono</c>, <c>integer total</c>, <c>integer 5</c>, <c>text {serial}</c>,
/// <c>oid 1.3.6</c>, <c>hex 0115</c>, and Brother's record block <c>block 00=total 41=left:2</c>
/// (id, 01, 04, four bytes big-endian, FF at the end; <c>left:2</c> is supply 2 in hundredths of a percent).
/// </summary>
public static class ValueText
{
    /// <exception cref="FormatException">Not one of the words above.</exception>
    public static Func<PrinterState, SnmpValue> Parse(string text)
    {
        var (kind, rest) = text.Split(' ', 2) is [var first, var second] ? (first, second) : (text, "");
        switch (kind)
        {
            case "counter": { var count = Count(rest); return state => SnmpValue.Counter32(unchecked((uint)count(state))); }
            case "integer": { var count = Count(rest); return state => SnmpValue.Integer32(checked((int)count(state))); }
            case "text": return state => SnmpValue.OctetString(Fill(rest, state.Printer));
            case "oid": { var value = SnmpValue.Oid(Oid.Parse(rest)); return _ => value; }
            case "hex": { var value = SnmpValue.OctetString(Convert.FromHexString(rest)); return _ => value; }
            case "block": return Block(rest);
            default: throw new FormatException($"'{text}' does not begin with counter, integer, text, oid, hex or block");
        }
    }

    /// <summary>Puts the printer's own words in: <c>{serial}</c>, <c>{model}</c>, <c>{firmware}</c>.</summary>
    public static string Fill(string text, VirtualPrinter printer) => new StringBuilder(text)
        .Replace("{serial}", printer.Serial).Replace("{model}", printer.Personality.Model).Replace("{firmware}", printer.Personality.Firmware).ToString();

    private static Func<PrinterState, long> Count(string text)
    {
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var constant)) return _ => constant;
        if (text.Split(':') is ["left", var index])
        {
            var supply = int.Parse(index, CultureInfo.InvariantCulture);
            return state => (long)Math.Ceiling(state.Supplies.First(level => level.Spec.Index == supply).Fraction * 10_000);
        }
        var sum = CounterSum.Parse(text);
        return state => sum(state.Pages);
    }

    private static Func<PrinterState, SnmpValue> Block(string text)
    {
        var records = text.Split(' ').Select(record => record.Split('=')).Select(pair => (Id: Convert.FromHexString(pair[0])[0], Count: Count(pair[1]))).ToArray();
        return state =>
        {
            var block = new byte[(records.Length * 7) + 1];
            foreach (var (record, at) in records.Select((record, row) => (record, row * 7)))
            {
                (block[at], block[at + 1], block[at + 2]) = (record.Id, 1, 4);
                BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(at + 3), unchecked((uint)record.Count(state)));
            }
            block[^1] = 0xff;
            return SnmpValue.OctetString(block);
        };
    }
}

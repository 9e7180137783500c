using Fleet.Simulator.Printers;
using Fleet.Snmp;

namespace Fleet.Simulator.Mib;

/// <summary>One object instance and how its value follows from the printer's state.</summary>
public sealed record Row(Oid Oid, Func<PrinterState, SnmpValue> Value);

/// <summary>Short ways to write rows down.</summary>
internal static class Rows
{
    public static Row Constant(string oid, SnmpValue value) => new(Oid.Parse(oid), _ => value);

    public static Row Number(string oid, int value) => Constant(oid, SnmpValue.Integer32(value));

    public static Row Number(string oid, Func<PrinterState, long> value) => new(Oid.Parse(oid), state => SnmpValue.Integer32(checked((int)value(state))));

    public static Row Text(string oid, string value) => Constant(oid, SnmpValue.OctetString(value));

    public static Row Text(string oid, Func<PrinterState, string> value) => new(Oid.Parse(oid), state => SnmpValue.OctetString(value(state)));

    /// <summary>Counter32 wraps at 2^32 (RFC 2578 §7.1.6).</summary>
    public static Row Counter(string oid, Func<PrinterState, long> value) => new(Oid.Parse(oid), state => SnmpValue.Counter32(unchecked((uint)value(state))));

    public static Row Object(string oid, string value) => Constant(oid, SnmpValue.Oid(Oid.Parse(value)));

    /// <summary>A table row: one object per column, <paramref name="index"/> behind each.</summary>
    public static IEnumerable<Row> Table(string entry, string index, params (int Column, object Value)[] columns) =>
        columns.Select(column => column.Value switch
        {
            int number => Number($"{entry}.{column.Column}.{index}", number),
            string text => Text($"{entry}.{column.Column}.{index}", text),
            SnmpValue value => Constant($"{entry}.{column.Column}.{index}", value),
            Func<PrinterState, long> number => Number($"{entry}.{column.Column}.{index}", number),
            Func<PrinterState, SnmpValue> value => new Row(Oid.Parse($"{entry}.{column.Column}.{index}"), value),
            var other => throw new ArgumentException($"A column cannot be a {other.GetType().Name}", nameof(columns))
        });
}

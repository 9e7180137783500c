using System.Globalization;
using Fleet.Simulator.Personalities;
using Fleet.Simulator.Printers;
using Fleet.Snmp;
using static Fleet.Simulator.Mib.Rows;

namespace Fleet.Simulator.Mib;

/// <summary>SNMPv2-MIB system (RFC 3418) and IF-MIB ifTable (RFC 2863): one ethernet port and the loopback.</summary>
internal static class SystemRows
{
    public static IEnumerable<Row> Of(Personality model) =>
    [
        Text("1.3.6.1.2.1.1.1.0", state => ValueText.Fill(model.SysDescr, state.Printer)),
        Object("1.3.6.1.2.1.1.2.0", model.SysObjectId),
        new(Oid.Parse("1.3.6.1.2.1.1.3.0"), state => SnmpValue.TimeTicks(Ticks(state.UpTime))),
        Text("1.3.6.1.2.1.1.4.0", ""),
        Text("1.3.6.1.2.1.1.5.0", state => string.Create(CultureInfo.InvariantCulture, $"printer-{state.Printer.Number + 1:D4}")),
        Text("1.3.6.1.2.1.1.6.0", state => string.Create(CultureInfo.InvariantCulture, $"Building {(char)('A' + (state.Printer.Number / 8 % 26))}, floor {1 + (state.Printer.Number % 8)}")),
        Number("1.3.6.1.2.1.1.7.0", 72),
        Number("1.3.6.1.2.1.2.1.0", 2),
        .. Interface(1, "lo", type: 24, speed: 0, _ => SnmpValue.OctetString([])),
        .. Interface(2, "eth0", type: 6, speed: 1_000_000_000, state => SnmpValue.OctetString([.. state.Printer.Mac]))
    ];

    private static IEnumerable<Row> Interface(int index, string name, int type, uint speed, Func<PrinterState, SnmpValue> mac) =>
        Table("1.3.6.1.2.1.2.2.1", index.ToString(CultureInfo.InvariantCulture),
            (1, index), (2, name), (3, type), (4, 1500), (5, SnmpValue.Gauge32(speed)), (6, mac), (7, 1), (8, 1));

    /// <summary>Hundredths of a second; wraps after 497 days.</summary>
    public static uint Ticks(TimeSpan span) => unchecked((uint)(span.Ticks / (TimeSpan.TicksPerMillisecond * 10)));
}

using Fleet.Simulator.Personalities;
using Fleet.Simulator.Printers;
using Fleet.Snmp;
using static Fleet.Simulator.Mib.Rows;

namespace Fleet.Simulator.Mib;

/// <summary>Host-Resources-MIB (RFC 2790): the printer among the box's devices, its status and detected errors.</summary>
internal static class HostRows
{
    public static IEnumerable<Row> Of(Personality model) =>
    [
        .. Table("1.3.6.1.2.1.25.3.2.1", "1",
            (1, 1),
            (2, SnmpValue.Oid(Oid.Parse("1.3.6.1.2.1.25.3.1.5"))),
            (3, (Func<PrinterState, SnmpValue>)(state => SnmpValue.OctetString(ValueText.Fill(model.DeviceText, state.Printer)))),
            (4, SnmpValue.Oid(Oid.Parse(model.DeviceId))),
            (5, (Func<PrinterState, long>)(state => state.DeviceStatus)),
            (6, SnmpValue.Counter32(0))),
        .. Table("1.3.6.1.2.1.25.3.2.1", "2",
            (1, 2), (2, SnmpValue.Oid(Oid.Parse("1.3.6.1.2.1.25.3.1.4"))), (3, "Network interface"), (4, SnmpValue.Oid(Oid.Parse("0.0"))), (5, 2), (6, SnmpValue.Counter32(0))),
        Number("1.3.6.1.2.1.25.3.5.1.1.1", state => state.PrinterStatus),
        new(Oid.Parse("1.3.6.1.2.1.25.3.5.1.2.1"), state => SnmpValue.OctetString([state.ErrorState]))
    ];
}

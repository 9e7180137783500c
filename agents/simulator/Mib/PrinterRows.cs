using System.Globalization;
using Fleet.Simulator.Personalities;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Troubles;
using Fleet.Snmp;
using static Fleet.Simulator.Mib.Rows;

namespace Fleet.Simulator.Mib;

/// <summary>Printer-MIB (RFC 3805) but for its alerts, which come and go.</summary>
internal static class PrinterRows
{
    public static IEnumerable<Row> Of(Personality model) =>
    [
        .. General(model), .. Cover(), .. Localization(), .. Inputs(model), .. Outputs(), .. Marker(model), .. Supplies(model), .. Colorants(model), .. Console()
    ];

    private static IEnumerable<Row> General(Personality model) => Table("1.3.6.1.2.1.43.5.1.1", "1",
        (1, SnmpValue.Counter32(0)), (2, 1), (3, 3), (12, 80), (13, 3),
        (16, (Func<PrinterState, SnmpValue>)(_ => SnmpValue.OctetString(model.Model))),
        (17, (Func<PrinterState, SnmpValue>)(state => SnmpValue.OctetString(state.Printer.Serial))));

    // prtCoverStatus: 3 open, 4 closed.
    private static IEnumerable<Row> Cover() => Table("1.3.6.1.2.1.43.6.1.1", "1.1",
        (2, "Front Cover"), (3, (Func<PrinterState, long>)(state => state.Has(TroubleKind.Door) ? 3 : 4)));

    private static IEnumerable<Row> Localization() => Table("1.3.6.1.2.1.43.7.1.1", "1.1", (2, "en"), (3, "US"), (4, 106));

    private static IEnumerable<Row> Inputs(Personality model) => model.Trays.SelectMany((tray, row) =>
        Table("1.3.6.1.2.1.43.8.2.1", $"1.{tray.Index}",
            (2, tray.Type), (3, 3), (4, 110000), (5, 85000), (8, 8), (9, (int)tray.Capacity),
            (10, (Func<PrinterState, long>)(state => state.Trays[row])),
            (11, (Func<PrinterState, long>)(state => state.Trays[row] == 0 && tray.Share > 0 ? 9 : 0)),
            (12, "Plain"), (13, tray.Name), (18, tray.Name)));

    private static IEnumerable<Row> Outputs() => Table("1.3.6.1.2.1.43.9.2.1", "1.1",
        (2, 4), (3, 8), (4, 250), (5, -2), (6, 0), (7, "Output tray"));

    // prtMarkerLifeCount is kept equal to the printer's own total, so that bills can be checked against it.
    private static IEnumerable<Row> Marker(Personality model) => Table("1.3.6.1.2.1.43.10.2.1", "1.1",
        (2, 4), (3, model.LifeUnit),
        (4, (Func<PrinterState, SnmpValue>)(state => SnmpValue.Counter32(unchecked((uint)state.Pages.Total)))),
        (6, model.Colorants.Count), (7, 0), (8, 3), (9, 600), (10, 600), (15, 0));

    private static IEnumerable<Row> Supplies(Personality model) => model.Supplies.SelectMany((supply, row) =>
        Table("1.3.6.1.2.1.43.11.1.1", $"1.{supply.Index}",
            (2, 1), (3, supply.Colorant), (4, supply.Class), (5, supply.Type), (6, supply.Description), (7, supply.Unit), (8, (int)supply.Capacity),
            (9, (Func<PrinterState, long>)(state => state.Supplies[row].Level))));

    // prtMarkerColorantRole: 3 process.
    private static IEnumerable<Row> Colorants(Personality model) => model.Colorants.SelectMany((color, row) =>
        Table("1.3.6.1.2.1.43.12.1.1", string.Create(CultureInfo.InvariantCulture, $"1.{row + 1}"), (2, 1), (3, 3), (4, color), (5, 2)));

    // There to be left alone: what stands on a panel may name a person.
    private static IEnumerable<Row> Console() =>
        [Text("1.3.6.1.2.1.43.16.5.1.2.1.1", state => state.IsPrinting ? "Printing for: A. Nonymous" : state.Troubles.Count > 0 ? "Check printer" : "Ready")];
}

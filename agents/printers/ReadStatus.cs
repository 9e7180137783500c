using Fleet.Snmp;

namespace Fleet.Printers;

// hrDeviceTable, hrPrinterTable, prtAlertTable, prtInputTable, prtCoverTable -> status, alerts, trays, covers
internal static class ReadStatus
{
    public static PrinterStatus? Status(Answers answers)
    {
        if (answers.Printer() is not { } printer) return null;
        var (device, state) = (answers.Number(PrinterMib.HrDeviceStatus, printer), answers.Number(PrinterMib.HrPrinterStatus, printer));
        var errors = answers.Table[PrinterMib.HrPrinterDetectedErrorState, printer];
        return device is null && state is null && errors.IsMissing ? null
            : new(RfcNames.DeviceState(device), RfcNames.PrinterState(state), RfcNames.Errors(errors.Type is SnmpType.OctetString ? errors.Octets : default));
    }

    public static IReadOnlyList<Alert> Alerts(Answers answers) =>
    [
        .. answers.Table.Rows(PrinterMib.AlertSeverity, PrinterMib.AlertCode).Select(row => new Alert(
            row.ToString(),
            RfcNames.AlertSeverity(answers.Number(PrinterMib.AlertSeverity, row)),
            RfcNames.AlertGroup(answers.Number(PrinterMib.AlertGroup, row)),
            Int(answers.Number(PrinterMib.AlertGroupIndex, row), whenMissing: -2),
            Int(answers.Number(PrinterMib.AlertCode, row), whenMissing: 2),    // PrtAlertCodeTC unknown(2)
            answers.Text(PrinterMib.AlertDescription, row) ?? ""))
    ];

    public static IReadOnlyList<Tray> Trays(Answers answers) =>
    [
        .. answers.Table.Rows(PrinterMib.InputCurrentLevel, PrinterMib.InputMaxCapacity, PrinterMib.InputStatus).Select(row =>
        {
            var (level, capacity) = (answers.Number(PrinterMib.InputCurrentLevel, row), answers.Number(PrinterMib.InputMaxCapacity, row));
            return new Tray(
                row.ToString(),
                answers.Text(PrinterMib.InputName, row) ?? answers.Text(PrinterMib.InputDescription, row) ?? "",
                RfcNames.SubUnitStatus(answers.Number(PrinterMib.InputStatus, row)),
                RfcNames.Unit(answers.Number(PrinterMib.InputCapacityUnit, row)),
                ReadSupplies.State(level), level >= 0 ? level : null, capacity > 0 ? capacity : null);
        })
    ];

    public static IReadOnlyList<Cover> Covers(Answers answers) =>
    [
        .. answers.Table.Rows(PrinterMib.CoverStatus).Select(row => new Cover(
            row.ToString(),
            answers.Text(PrinterMib.CoverDescription, row) ?? "",
            // PrtCoverStatusTC: coverOpen(3), coverClosed(4), interlockOpen(5), interlockClosed(6)
            answers.Number(PrinterMib.CoverStatus, row) switch { 3 or 5 => true, 4 or 6 => false, _ => null }))
    ];

    private static int Int(long? number, int whenMissing) => (int)Math.Clamp(number ?? whenMissing, int.MinValue, int.MaxValue);
}

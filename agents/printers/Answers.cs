using System.Globalization;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Everything one device answered, and how far the asking got. What is read out of it is pure.</summary>
/// <param name="Charset">IANA MIBenum of the device's texts, where it had to be asked.</param>
internal sealed record Answers(SnmpOutcome Outcome, IReadOnlyDictionary<Oid, SnmpValue> Scalars, SnmpTable Table, int? Charset = null)
{
    /// <summary>The vendor's own supply tables, where the standard one was empty.</summary>
    public SnmpTable VendorTable { get; init; } = SnmpTable.Empty;

    /// <summary>A scalar; <see cref="SnmpValue.Null"/> when it was not asked or not answered.</summary>
    public SnmpValue this[Oid oid] => Scalars.TryGetValue(oid, out var value) ? value : SnmpValue.Null;

    public string? Text(Oid oid) => DeviceText.Clean(this[oid], Charset);

    public string? Text(Oid column, Oid row) => DeviceText.Clean(Table[column, row], Charset);

    public string? VendorText(Oid column, Oid row) => DeviceText.Clean(VendorTable[column, row], Charset);

    public long? Number(Oid column, Oid row) => Table[column, row].TryGetInt64(out var number) ? number : null;

    /// <summary>
    /// hrDeviceIndex of the printer: the row that says so (RFC 2790 hrDevicePrinter), and of several the one with printer status;
    /// else the row with printer status, else the first of the printer tables.
    /// </summary>
    public Oid? Printer()
    {
        var states = Table.Rows(PrinterMib.HrPrinterStatus, PrinterMib.HrPrinterDetectedErrorState).ToList();
        var printers = Table.Column(PrinterMib.HrDeviceType).Where(row => row.Value.AsOid == PrinterMib.HrDevicePrinter).Select(row => row.Key).ToList();
        return First(printers.Intersect(states)) ?? First(printers) ?? First(states)
            ?? First(Table.Column(PrinterMib.GeneralSerialNumber).Keys)
            ?? First(Table.Rows(PrinterMib.MarkerLifeCount, PrinterMib.SuppliesLevel).Select(row => new Oid(row[0])));
    }

    /// <summary>The rows whose key says one of the names, as text or as number.</summary>
    public IEnumerable<Oid> Rows(RowTerm row) => Table.Column(row.Key)
        .Where(cell => row.Is.Contains(KeyText(cell.Value), StringComparer.OrdinalIgnoreCase)).Select(cell => cell.Key);

    private string? KeyText(SnmpValue key) => key.TryGetInt64(out var number) ? number.ToString(CultureInfo.InvariantCulture) : DeviceText.Clean(key, Charset);

    public bool HasPrinterTables => Printer() is not null;

    private static Oid? First(IEnumerable<Oid> rows) => rows.Select(row => (Oid?)row).FirstOrDefault();
}

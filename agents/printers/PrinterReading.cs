using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>What one device said of itself, once. Null and empty mean "not said or not asked"; nothing in here is guessed.</summary>
/// <param name="Outcome">Anything but <see cref="SnmpOutcome.Answered"/>: what is here is true, but what is missing proves nothing.</param>
/// <param name="Profile">Which rules named the values.</param>
/// <param name="IsPrinter">A vendor profile matched it, or it has a printer row or printer tables of RFC 3805.</param>
/// <param name="SysObjectId">SNMPv2-MIB sysObjectID, dotted without a leading dot.</param>
/// <param name="Mac">EUI-48 as <c>00:11:22:aa:bb:cc</c>.</param>
/// <param name="Status">Null when the device has no status objects or was not asked.</param>
public sealed record PrinterReading(
    SnmpOutcome Outcome,
    ProfileId Profile,
    bool IsPrinter,
    string? SysObjectId = null,
    string? Manufacturer = null,
    string? Model = null,
    string? Serial = null,
    string? Firmware = null,
    string? Mac = null,
    string? Name = null,
    string? Location = null,
    PrinterStatus? Status = null)
{
    public IReadOnlyList<Counter> Counters { get; init; } = [];
    public IReadOnlyList<Supply> Supplies { get; init; } = [];
    public IReadOnlyList<Alert> Alerts { get; init; } = [];
    public IReadOnlyList<Tray> Trays { get; init; } = [];
    public IReadOnlyList<Cover> Covers { get; init; } = [];
}

public sealed record ProfileId(string Name, int Version);

/// <param name="Name"><c>life</c> is prtMarkerLifeCount; <c>total</c>, <c>mono</c>, <c>print.color</c> … are the vendor's own and never the same fact.</param>
/// <param name="Value">The raw count, never negative.</param>
/// <param name="Unit">PrtMarkerCounterUnitTC name, or <c>unknown</c>.</param>
/// <param name="Oid">Where it was read; several joined by <c>+</c> when the counter is their sum, by <c>-</c> when their difference.</param>
public sealed record Counter(string Name, long Value, string Unit, string Oid);

/// <param name="Slot">Table index <c>{hrDevice}.{supply}</c>, e.g. <c>1.3</c>; for what only the vendor's objects tell, the profile's own name (<c>brother.6f</c>).</param>
/// <param name="Type">PrtMarkerSuppliesTypeTC name; <c>unknown</c> when not said, <c>other</c> when outside the enumeration.</param>
/// <param name="Class"><c>consumed</c>, <c>receptacle</c> or <c>other</c>.</param>
/// <param name="Color">prtMarkerColorantValue; null for none or not said. Never taken from the name.</param>
/// <param name="State"><c>measured</c>, <c>some-remaining</c> (-3), <c>unknown</c> (-2) or <c>other</c> (-1).</param>
/// <param name="Level">Raw prtMarkerSuppliesLevel when measured. Of a receptacle RFC 3805 says: what still fits in.</param>
/// <param name="Capacity">When known and above zero.</param>
/// <param name="Percent">0..100 with one decimal, only when level and capacity are both known.</param>
/// <param name="Part">The manufacturer's part number, where the profile knows how the device tells it.</param>
/// <param name="Serial">Of the supply itself, likewise.</param>
public sealed record Supply(
    string Slot,
    string Description,
    string Type,
    string Class,
    string? Color,
    string Unit,
    string State,
    long? Level = null,
    long? Capacity = null,
    decimal? Percent = null,
    string? Part = null,
    string? Serial = null);

/// <param name="Device">hrDeviceStatus (RFC 2790): <c>unknown</c>, <c>running</c>, <c>warning</c> (still prints), <c>testing</c>, <c>down</c>.</param>
/// <param name="Printer">hrPrinterStatus: <c>other</c>, <c>unknown</c>, <c>idle</c>, <c>printing</c>, <c>warmup</c>.</param>
/// <param name="Errors">Names of the set bits of hrPrinterDetectedErrorState, in bit order.</param>
public sealed record PrinterStatus(string Device, string Printer, IReadOnlyList<string> Errors);

/// <summary>A row of prtAlertTable.</summary>
/// <param name="Index"><c>{hrDevice}.{prtAlertIndex}</c>.</param>
/// <param name="Severity">PrtAlertSeverityLevelTC name or <c>other</c>.</param>
/// <param name="Group">PrtAlertGroupTC name, or the number as text.</param>
/// <param name="GroupIndex">Row in the group's table; -1 and -2 when there is none.</param>
/// <param name="Code">prtAlertCode; vendors go outside the enumeration.</param>
public sealed record Alert(string Index, string Severity, string Group, int GroupIndex, int Code, string Description);

/// <summary>A row of prtInputTable.</summary>
/// <param name="Status">Parts of PrtSubUnitStatusTC, a sum: <c>available-idle</c>, <c>unavailable-on-request</c>, <c>critical-alerts</c>, …</param>
/// <param name="State">As of a supply.</param>
public sealed record Tray(string Slot, string Name, IReadOnlyList<string> Status, string Unit, string State, long? Level, long? Capacity);

/// <summary>A row of prtCoverTable.</summary>
/// <param name="IsOpen">Null when the device does not say (other, unknown or outside the enumeration).</param>
public sealed record Cover(string Slot, string Name, bool? IsOpen);

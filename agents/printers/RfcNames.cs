using System.Globalization;

namespace Fleet.Printers;

/// <summary>Enumerations of RFC 2790 and RFC 3805 by number. Devices go outside them; every look-up has an answer for that.</summary>
internal static class RfcNames
{
    private static readonly Dictionary<long, string> SupplyTypes = Numbered(1,
        "other", "unknown", "toner", "wasteToner", "ink", "inkCartridge", "inkRibbon", "wasteInk", "opc", "developer", "fuserOil", "solidWax",
        "ribbonWax", "wasteWax", "fuser", "coronaWire", "fuserOilWick", "cleanerUnit", "fuserCleaningPad", "transferUnit", "tonerCartridge",
        "fuserOiler", "water", "wasteWater", "glueWaterAdditive", "wastePaper", "bindingSupply", "bandingSupply", "stitchingWire", "shrinkWrap",
        "paperWrap", "staples", "inserts", "covers");

    private static readonly Dictionary<long, string> Units = Numbered(1,
        "other", "unknown", "tenThousandthsOfInches", "micrometers", "characters", "lines", "impressions", "sheets", "dotRow", "", "hours",
        "thousandthsOfOunces", "tenthsOfGrams", "hundrethsOfFluidOunces", "tenthsOfMilliliters", "feet", "meters", "items", "percent");

    private static readonly Dictionary<long, string> AlertGroups = new(
    [
        .. Numbered(1, "other", "unknown", "hostResourcesMIBStorageTable", "hostResourcesMIBDeviceTable", "generalPrinter", "cover", "localization", "input", "output",
            "marker", "markerSupplies", "markerColorant", "mediaPath", "channel", "interpreter", "consoleDisplayBuffer", "consoleLights", "alert"),
        .. Numbered(30, "finDevice", "finSupply", "finSupplyMediaInput", "finAttribute")
    ]);

    private static readonly Dictionary<long, string> AlertSeverities = Numbered(3, "critical", "warning", "warningBinaryChangeEvent");
    private static readonly Dictionary<long, string> DeviceStates = Numbered(1, "unknown", "running", "warning", "testing", "down");
    private static readonly Dictionary<long, string> PrinterStates = Numbered(1, "other", "unknown", "idle", "printing", "warmup");

    private static readonly string[] ErrorBits =
    [
        "lowPaper", "noPaper", "lowToner", "noToner", "doorOpen", "jammed", "offline", "serviceRequested", "inputTrayMissing",
        "outputTrayMissing", "markerSupplyMissing", "outputNearFull", "outputFull", "inputTrayEmpty", "overduePreventMaint"
    ];

    public static string SupplyType(long? number) => number is null ? "unknown" : SupplyTypes.GetValueOrDefault(number.Value, "other");

    /// <summary>PrtMarkerCounterUnitTC, PrtMarkerSuppliesSupplyUnitTC and PrtCapacityUnitTC: one numbering.</summary>
    public static string Unit(long? number) => number is null ? "unknown" : Units.GetValueOrDefault(number.Value, "other");

    public static string AlertGroup(long? number) =>
        number is null ? "unknown" : AlertGroups.GetValueOrDefault(number.Value, number.Value.ToString(CultureInfo.InvariantCulture));

    public static string AlertSeverity(long? number) => AlertSeverities.GetValueOrDefault(number ?? 1, "other");
    public static string DeviceState(long? number) => DeviceStates.GetValueOrDefault(number ?? 1, "unknown");
    public static string PrinterState(long? number) => PrinterStates.GetValueOrDefault(number ?? 2, "unknown");

    /// <summary>hrPrinterDetectedErrorState: bit 0 is the most significant bit of the first byte; none, one or two bytes, more are ignored.</summary>
    public static IReadOnlyList<string> Errors(ReadOnlySpan<byte> bits)
    {
        var errors = new List<string>();
        for (var bit = 0; bit < ErrorBits.Length && bit / 8 < bits.Length; bit++)
            if ((bits[bit / 8] & (0x80 >> (bit % 8))) != 0) errors.Add(ErrorBits[bit]);
        return errors;
    }

    /// <summary>PrtSubUnitStatusTC is a sum: availability 0..6, +8 non-critical, +16 critical alerts, +32 off-line, +64 on its way there.</summary>
    public static IReadOnlyList<string> SubUnitStatus(long? sum)
    {
        if (sum is null or < 0 or > 127) return [];
        var parts = new List<string>
        {
            (sum & 7) switch
            {
                0 => "available-idle", 2 => "available-standby", 4 => "available-active", 6 => "available-busy",
                1 => "unavailable-on-request", 3 => "unavailable-broken", _ => "unknown"
            }
        };
        if ((sum & 8) != 0) parts.Add("non-critical-alerts");
        if ((sum & 16) != 0) parts.Add("critical-alerts");
        if ((sum & 32) != 0) parts.Add("off-line");
        if ((sum & 64) != 0) parts.Add("transitioning");
        return parts;
    }

    // An empty name is a number the RFC leaves out.
    private static Dictionary<long, string> Numbered(long first, params string[] names) =>
        names.Select((name, i) => (name, i)).Where(pair => pair.name.Length > 0).ToDictionary(pair => first + pair.i, pair => pair.name);
}

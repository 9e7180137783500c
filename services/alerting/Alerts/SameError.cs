using Fleet.Alerting.Statuses;

namespace Fleet.Alerting.Alerts;

/// <summary>
/// Devices say some things twice: as a bit of hrPrinterDetectedErrorState (RFC 2790) and as a row of prtAlertTable (RFC 3805). Which prtAlertCode
/// (IANA-PRINTER-MIB PrtAlertCodeTC) is which bit; codes that need their group to be told apart (subunitEmpty) stay conditions of their own, because a
/// row that is gone names no group.
/// </summary>
public static class SameError
{
    private static readonly Dictionary<int, string> ByCode = new()
    {
        [3] = "doorOpen",               // coverOpen
        [5] = "doorOpen",               // interlockOpen
        [8] = "jammed",                 // jam
        [501] = "doorOpen",             // doorOpen
        [801] = "inputTrayMissing",     // inputMediaTrayMissing
        [808] = "noPaper",              // inputMediaSupplyEmpty
        [901] = "outputTrayMissing",    // outputMediaTrayMissing
        [903] = "outputFull",           // outputMediaTrayFull
        [1101] = "noToner",             // markerTonerEmpty
        [1102] = "noToner",             // markerInkEmpty
        [1115] = "markerSupplyMissing", // markerTonerCartridgeMissing
        [1116] = "markerSupplyMissing", // markerInkCartridgeMissing
    };

    /// <summary>A name of <see cref="DeviceError"/>; null for a code that is no bit.</summary>
    public static string? Of(int code) => ByCode.GetValueOrDefault(code);
}

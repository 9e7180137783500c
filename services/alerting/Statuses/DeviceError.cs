using Fleet.Alerting.Alerts;

namespace Fleet.Alerting.Statuses;

/// <summary>Which device errors need somebody, how urgently, and how to say so. One table; what is not in it rings for nobody.</summary>
public static class DeviceError
{
    public const string Unreachable = "unreachable";

    private static readonly Dictionary<string, Evidence.Holds> Known = new()
    {
        ["lowPaper"] = new(Severity.Warning, "Paper is low"),
        ["noPaper"] = new(Severity.Critical, "Out of paper"),
        ["lowToner"] = new(Severity.Warning, "Toner is low"),
        ["noToner"] = new(Severity.Critical, "Out of toner"),
        ["doorOpen"] = new(Severity.Critical, "A door or cover is open"),
        ["jammed"] = new(Severity.Critical, "Paper jam"),
        ["offline"] = new(Severity.Critical, "The device is offline"),
        ["serviceRequested"] = new(Severity.Critical, "The device asks for service"),
        ["inputTrayMissing"] = new(Severity.Critical, "An input tray is missing"),
        ["outputTrayMissing"] = new(Severity.Critical, "An output tray is missing"),
        ["markerSupplyMissing"] = new(Severity.Critical, "A toner or ink cartridge is missing"),
        ["outputNearFull"] = new(Severity.Warning, "An output tray is almost full"),
        ["outputFull"] = new(Severity.Critical, "An output tray is full"),
        ["inputTrayEmpty"] = new(Severity.Warning, "An input tray is empty"),
        ["overduePreventMaint"] = new(Severity.Warning, "Preventive maintenance is overdue"),
        [Unreachable] = new(Severity.Warning, "The device does not answer"),
    };

    public static string Condition(string name) => $"error-{name}";

    /// <summary>Null for a name that rings for nobody.</summary>
    public static Evidence.Holds? Of(string name) => Known.GetValueOrDefault(name);
}

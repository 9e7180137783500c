using System.Globalization;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Commands;

/// <summary>A reading as plain lines: for pipes, logs and grep.</summary>
internal static class ProbeLines
{
    public static IEnumerable<string> Of(string address, PrinterReading reading)
    {
        yield return $"{reading.Manufacturer ?? "?"} {reading.Model ?? "?"} at {address}";
        yield return $"  serial {reading.Serial ?? "-"}   MAC {reading.Mac ?? "-"}   firmware {reading.Firmware ?? "-"}   name {reading.Name ?? "-"}   location {reading.Location ?? "-"}";
        yield return $"  read with profile {reading.Profile.Name} {reading.Profile.Version}{(reading.Outcome == SnmpOutcome.Answered ? "" : $"; not whole: it {reading.Outcome.InWords}")}";
        if (reading.Status is { } status) yield return $"  status {status.Device}, {status.Printer}{(status.Errors.Count > 0 ? ": " + string.Join(", ", status.Errors) : "")}";
        foreach (var counter in reading.Counters) yield return Line($"  counter  {counter.Name,-14} {counter.Value,12} {counter.Unit,-12} {counter.Oid}");
        foreach (var supply in reading.Supplies)
            yield return Line($"  supply   {supply.Slot,-14} {Amount(supply.State, supply.Level, supply.Percent),12} {supply.Type,-12} {supply.Description}{(supply.Color is null ? "" : $" ({supply.Color})")}");
        foreach (var tray in reading.Trays) yield return Line($"  tray     {tray.Slot,-14} {Amount(tray.State, tray.Level, null),12} {tray.Unit,-12} {tray.Name}");
        foreach (var cover in reading.Covers) yield return Line($"  cover    {cover.Slot,-14} {cover.IsOpen switch { true => "open", false => "closed", null => "unknown" },12} {"",-12} {cover.Name}");
        foreach (var alert in reading.Alerts) yield return Line($"  alert    {alert.Index,-14} {alert.Severity,12} {alert.Group,-12} {alert.Code} {alert.Description}");
    }

    /// <summary>A percentage where there is one, else the level as it stands, else the state in words.</summary>
    public static string Amount(string state, long? level, decimal? percent) => percent is { } known ? Line($"{known:0.#} %") : level is { } raw ? Line($"{raw}") : State(state);

    public static string State(string state) => state switch { "some-remaining" => "some left", "other" => "no limit", _ => state };

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}

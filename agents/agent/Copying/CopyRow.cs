using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Copying;

/// <summary>One value of one event as a row of a table (RFC 4180).</summary>
internal sealed partial record CopyRow(EdgeEvent Event, DeviceRef? Device, string Name, string? Value, string? Unit = null, string? Detail = null)
{
    public const string Head = "time,type,batch,grant,manufacturer,serial,mac,address,device,name,value,unit,detail";

    public string Csv(long batch) => string.Join(',', new[]
    {
        Event.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture), Event.Type, batch.ToString(CultureInfo.InvariantCulture), Event.GrantId,
        Device?.Manufacturer, Device?.Serial, Device?.Mac, Device?.Address, Device?.Key, Name, Value, Unit, Detail
    }.Select(Cell));

    public static IEnumerable<CopyRow> Of(EdgeEvent e) => e.Type switch
    {
        EdgeEventTypes.MeterRead when Data(e, EdgeJson.Strict.MeterRead) is var read => read.Counters.Select(c => new CopyRow(e, read.Device, c.Name, Text(c.Value), c.Unit, c.Oid)),
        EdgeEventTypes.SuppliesRead when Data(e, EdgeJson.Strict.SuppliesRead) is var read => read.Supplies.Select(s => new CopyRow(e, read.Device, $"{s.Slot} {s.Description}", Text(s.Level), s.Unit, s.State)),
        EdgeEventTypes.StatusChanged when Data(e, EdgeJson.Strict.StatusChanged) is var status => [new(e, status.Device, status.DeviceStatus, status.PrinterStatus, null, string.Join(' ', status.Errors))],
        EdgeEventTypes.AlertRaised when Data(e, EdgeJson.Strict.AlertRaised) is var alert => [new(e, alert.Device, alert.Index, Text(alert.Code), alert.Severity, alert.Description)],
        EdgeEventTypes.AlertCleared when Data(e, EdgeJson.Strict.AlertCleared) is var cleared => [new(e, cleared.Device, cleared.Index, Text(cleared.Code))],
        EdgeEventTypes.DeviceSeen when Data(e, EdgeJson.Strict.DeviceSeen) is var seen => [new(e, seen.Device, seen.Model ?? "", seen.Firmware, null, string.Join(' ', new[] { seen.Name, seen.Location }.OfType<string>()))],
        _ => [new(e, null, "agent", null, null, e.Data.GetRawText())]
    };

    private static T Data<T>(EdgeEvent e, JsonTypeInfo<T> shape) => e.Data.Deserialize(shape)!;

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);

    // A spreadsheet takes a text that begins like a formula for one; and, where semicolons or tabs part its columns, what follows one of these, whatever quotes say. An apostrophe in front keeps it a text.
    private static string Cell(string? text)
    {
        var safe = text is null || long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? text ?? "" : FormulaBegins().Replace(text, "'");
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [GeneratedRegex("(?:^|(?<=[;\\t\\r\\n]))(?=[=+\\-@])|^(?=[\\t\\r])")]
    private static partial Regex FormulaBegins();
}

using System.Globalization;

namespace Fleet.Printers;

/// <summary>Where one value of a reading comes from.</summary>
/// <param name="What">Its place in the reading: <c>serial</c>, <c>counters.total</c>, <c>supplies.1.3</c>.</param>
/// <param name="Oid">Where it stood; empty where a profile says it by itself.</param>
/// <param name="Formula">What was made of that.</param>
/// <param name="Profile">Whose rule; the generic one stands for the RFCs.</param>
/// <param name="Source">Why the profile takes it from there.</param>
public sealed record Evidence(string What, string Value, string Oid, string Formula, ProfileId Profile, string? Source = null);

/// <summary>A reading, each of its values explained, and what its profile looked for without finding it.</summary>
/// <param name="Source">What the profile says of itself.</param>
public sealed record Explained(PrinterReading Reading, IReadOnlyList<Evidence> Evidence, IReadOnlyList<string> NotFound, string Source);

// answers + profile -> the same values a reading has, with their origin
internal static class Explain
{
    public static Explained Of(Told told, Profiles profiles, FieldGroups allowed)
    {
        var (answers, profile, standard) = (told.Answers, told.Profile, profiles.Generic);
        var reading = Probe.Fold(answers, profile, allowed);
        return new(reading, [.. Texts(), .. Counters(), .. Supplies(), .. States()], [.. NotFound(reading, profile, answers)], profile.Source);

        IEnumerable<Evidence> Texts()
        {
            if (reading.SysObjectId is { } id) yield return new("sysObjectId", id, PrinterMib.SysObjectId.ToString(), "sysObjectID", standard.Id);
            if (reading.Manufacturer is not null && ReadIdentity.Manufacturer(answers, profile) is { } maker) yield return new("manufacturer", maker.Text, maker.Oid, maker.Oid.Length == 0 ? "the profile's" : "brand named in sysDescr", profile.Id);
            foreach (var (what, value, rules) in new[] { ("model", reading.Model, profile.Model), ("serial", reading.Serial, profile.Serial), ("firmware", reading.Firmware, profile.Firmware) })
                if (value is not null && ReadIdentity.First(rules, answers) is { Rule: { } rule } found)
                    yield return new(what, value, found.Oid, rule.Pattern is null ? "as it stands" : $"first group of {rule.Pattern}", IsStandard(rule) ? standard.Id : profile.Id, rule.Source);
            if (ReadMac.From(answers) is { } mac) yield return new("mac", mac.Mac, mac.Oid.ToString(), "ifPhysAddress: universally administered, up, ethernet or Wi-Fi first", standard.Id);
            if (reading.Name is { } name) yield return new("name", name, PrinterMib.SysName.ToString(), "sysName", standard.Id);
            if (reading.Location is { } location) yield return new("location", location, PrinterMib.SysLocation.ToString(), "sysLocation", standard.Id);
        }

        bool IsStandard(TextRule rule) => standard.Model.Concat(standard.Serial).Concat(standard.Firmware).Any(one => ReferenceEquals(one, rule));

        IEnumerable<Evidence> Counters() => ReadCounters.From(answers, profile).Select(one => new Evidence(
            $"counters.{one.Counter.Name}", Number($"{one.Counter.Value} {one.Counter.Unit}"), one.Counter.Oid, one.Rule is { } rule ? rule.From.Oid is null ? TermText.Of(rule.From) : "as it stands" : "prtMarkerLifeCount in prtMarkerCounterUnit",
            one.Rule is null ? standard.Id : profile.Id, one.Rule?.Source));

        IEnumerable<Evidence> Supplies() => ReadSupplies.From(answers, profile).Select(one => new Evidence(
            $"supplies.{one.Supply.Slot}", Amount(one.Supply), one.Oid, one.Formula, one.IsVendors ? profile.Id : standard.Id, one.Source));

        IEnumerable<Evidence> States()
        {
            if (reading.Status is { } status && answers.Printer() is { } printer)
            {
                yield return new("status.device", status.Device, PrinterMib.HrDeviceStatus.Append(printer).ToString(), "hrDeviceStatus", standard.Id);
                yield return new("status.printer", status.Printer, PrinterMib.HrPrinterStatus.Append(printer).ToString(), "hrPrinterStatus", standard.Id);
                yield return new("status.errors", status.Errors.Count == 0 ? "none" : string.Join(' ', status.Errors), PrinterMib.HrPrinterDetectedErrorState.Append(printer).ToString(), "set bits of hrPrinterDetectedErrorState", standard.Id);
            }
            foreach (var tray in reading.Trays) yield return new($"trays.{tray.Slot}", Number($"{tray.Level?.ToString(CultureInfo.InvariantCulture) ?? tray.State} of {tray.Capacity?.ToString(CultureInfo.InvariantCulture) ?? "?"} {tray.Unit}"), $"{PrinterMib.InputCurrentLevel}.{tray.Slot}", "prtInputCurrentLevel of prtInputMaxCapacity", standard.Id);
            foreach (var cover in reading.Covers) yield return new($"covers.{cover.Slot}", cover.IsOpen switch { true => "open", false => "closed", null => "unknown" }, $"{PrinterMib.CoverStatus}.{cover.Slot}", "prtCoverStatus", standard.Id);
            foreach (var alert in reading.Alerts) yield return new($"alerts.{alert.Index}", Number($"{alert.Severity} {alert.Group} {alert.Code}"), $"{PrinterMib.AlertCode}.{alert.Index}", "row of prtAlertTable", standard.Id);
        }
    }

    private static IEnumerable<string> NotFound(PrinterReading reading, Profile profile, Answers answers)
    {
        foreach (var (what, value, rules) in new[] { ("model", reading.Model, profile.Model), ("serial", reading.Serial, profile.Serial), ("firmware", reading.Firmware, profile.Firmware) })
            if (value is null) yield return $"{what}: none of {rules.Count} rules gave a text";
        foreach (var rule in profile.Counters.Where(rule => reading.Counters.All(counter => counter.Name != rule.Name)))
            yield return $"counter {rule.Name}: {(Quantity.Of(rule.From, answers) is Quantity.Absent ? "not there" : "no number that can be used")}, {TermText.Of(rule.From)}";
        foreach (var rule in profile.Supplies.Where(rule => reading.Supplies.All(supply => supply.Slot != rule.Slot)))
            yield return $"supply {rule.Slot}: {(Quantity.Of(rule.Level, answers) is Quantity.Absent ? "not there" : "no number that can be used")}, {TermText.Of(rule.Level)}";
        if (reading.Counters.All(counter => counter.Name != "life")) yield return "counter life: no prtMarkerLifeCount";
        if (reading.Supplies.Count == 0) yield return "supplies: none";
        if (reading.Status is null) yield return "status: neither hrDeviceStatus nor hrPrinterStatus";
    }

    private static string Amount(Supply supply) => supply switch
    {
        { Percent: { } percent } => Number($"{percent} % ({supply.Level} of {supply.Capacity} {supply.Unit})"),
        { Level: { } level } => Number($"{level} {supply.Unit}, of an unknown scale"),
        _ => supply.State
    };

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

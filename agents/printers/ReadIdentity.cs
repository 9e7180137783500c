using System.Text.RegularExpressions;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>A text and where it stood.</summary>
/// <param name="Rule">Null for a manufacturer.</param>
internal sealed record FoundText(string Text, string Oid, TextRule? Rule = null);

// sysDescr, hrDeviceDescr, vendor objects + the profile's rules -> manufacturer, model, serial, firmware
internal static partial class ReadIdentity
{
    /// <summary>The brand its own words name, else the profile's manufacturer, which has no OID.</summary>
    public static FoundText? Manufacturer(Answers answers, Profile profile) =>
        answers.Text(PrinterMib.SysDescr) is { } descr && profile.Brands.FirstOrDefault(brand => brand.SysDescr.IsMatch(descr)) is { } brand
            ? new(brand.Manufacturer, PrinterMib.SysDescr.ToString())
            : profile.Manufacturer is { } manufacturer ? new(manufacturer, "") : null;

    public static FoundText? First(IEnumerable<TextRule> rules, Answers answers) =>
        rules.Select(rule => Extract(rule, answers)).FirstOrDefault(found => found is not null && !Placeholder().IsMatch(found.Text));

    private static FoundText? Extract(TextRule rule, Answers answers)
    {
        if (Place(rule, answers) is not { } place || place.Text is not { } text) return null;
        if (rule.Pattern is null) return new(text, place.Oid.ToString(), rule);
        var found = rule.Pattern.Match(text);
        return found.Success && found.Groups[1].Value.Trim() is { Length: > 0 } part ? new(part, place.Oid.ToString(), rule) : null;
    }

    private static (string? Text, Oid Oid)? Place(TextRule rule, Answers answers) => rule switch
    {
        { Oid: { } oid } => (answers.Text(oid), oid),
        { Column: { } column } => OfPrinter(column, answers),
        { Row: { } row } => answers.Rows(row).Select(index => ((string?, Oid)?)(answers.Text(row.Value, index), row.Value.Append(index))).FirstOrDefault(),
        { Of: "sysDescr" } => (answers.Text(PrinterMib.SysDescr), PrinterMib.SysDescr),
        { Of: "hrDeviceDescr" } => OfPrinter(PrinterMib.HrDeviceDescr, answers),
        _ => null
    };

    private static (string? Text, Oid Oid)? OfPrinter(Oid column, Answers answers) =>
        answers.Printer() is { } printer && answers.Text(column, printer) is { } text
            ? (text, column.Append(printer))
            : answers.Table.Column(column).Keys.Select(row => ((string? Text, Oid Oid)?)(answers.Text(column, row), column.Append(row))).FirstOrDefault(cell => cell?.Text is not null);

    // What devices say when nobody filled it in.
    [GeneratedRegex("^([0x*?. -]+|n/?a|none|null|unknown|not set|undefined)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}

using System.Text.RegularExpressions;
using Fleet.Snmp;

namespace Fleet.Printers;

// sysDescr, hrDeviceDescr, vendor objects + the profile's rules -> manufacturer, model, serial, firmware
internal static partial class ReadIdentity
{
    public static string? Manufacturer(Answers answers, Profile profile) =>
        answers.Text(PrinterMib.SysDescr) is { } descr && profile.Brands.FirstOrDefault(brand => brand.SysDescr.IsMatch(descr)) is { } brand
            ? brand.Manufacturer
            : profile.Manufacturer;

    public static string? First(IEnumerable<TextRule> rules, Answers answers) =>
        rules.Select(rule => Extract(rule, answers)).FirstOrDefault(text => text is not null && !Placeholder().IsMatch(text));

    private static string? Extract(TextRule rule, Answers answers)
    {
        if (Text(rule, answers) is not { } text || rule.Pattern is null) return Text(rule, answers);
        var found = rule.Pattern.Match(text);
        return found.Success && found.Groups[1].Value.Trim() is { Length: > 0 } part ? part : null;
    }

    private static string? Text(TextRule rule, Answers answers) => rule switch
    {
        { Oid: { } oid } => answers.Text(oid),
        { Column: { } column } => OfPrinter(column, answers),
        { Row: { } row } => answers.Rows(row).Select(index => answers.Text(row.Value, index)).FirstOrDefault(),
        { Of: "sysDescr" } => answers.Text(PrinterMib.SysDescr),
        { Of: "hrDeviceDescr" } => OfPrinter(PrinterMib.HrDeviceDescr, answers),
        _ => null
    };

    private static string? OfPrinter(Oid column, Answers answers) =>
        answers.Printer() is { } printer && answers.Text(column, printer) is { } text
            ? text
            : answers.Table.Column(column).Keys.Select(row => answers.Text(column, row)).FirstOrDefault(cell => cell is not null);

    // What devices say when nobody filled it in.
    [GeneratedRegex("^([0x*?. -]+|n/?a|none|null|unknown|not set|undefined)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Placeholder();
}

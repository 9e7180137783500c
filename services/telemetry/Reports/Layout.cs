using System.Globalization;
using Fleet.Defaults;
using NodaTime;

namespace Fleet.Telemetry.Reports;

/// <summary>How a table is written down: for machines by default, for a spreadsheet of some country when asked.</summary>
/// <param name="Columns">Names in their order; null: all.</param>
/// <param name="Bom">Excel takes a CSV for UTF-8 only when it begins with a byte order mark.</param>
/// <param name="DateFormat">.NET custom format; null: ISO 8601 with the offset.</param>
/// <param name="SilentDays">Of the report <c>silent</c>: how long a device has not been seen.</param>
public sealed record Layout(IReadOnlyList<string>? Columns, char Separator, char Decimal, string? DateFormat, bool Bom, string TimeZone, int SilentDays)
{
    // What Excel expects of a CSV where its language is this one.
    private static readonly Dictionary<string, (char Separator, char Decimal, string? Dates, bool Bom)> Locales = new(StringComparer.OrdinalIgnoreCase)
    {
        ["iso"] = (',', '.', null, false),
        ["de"] = (';', ',', "dd.MM.yyyy HH:mm:ss", true),
        ["fr"] = (';', ',', "dd/MM/yyyy HH:mm:ss", true),
        ["nl"] = (';', ',', "dd-MM-yyyy HH:mm:ss", true),
        ["pl"] = (';', ',', "dd.MM.yyyy HH:mm:ss", true),
        ["en-GB"] = (',', '.', "dd/MM/yyyy HH:mm:ss", true),
        ["en-US"] = (',', '.', "MM/dd/yyyy HH:mm:ss", true),
    };

    public static (Layout? Layout, Refusal? Refusal) Of(
        Report report, string? columns, string? locale, string? separator, string? decimals, string? dates, bool? bom, string? timeZone, int? days)
    {
        if (!Locales.TryGetValue(locale ?? "iso", out var known))
            return Wrong("locale", $"'{locale}' is none of {string.Join(", ", Locales.Keys)}.");
        var names = columns?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (names?.FirstOrDefault(name => !report.Columns.Contains(name)) is { } unknown)
            return Wrong("columns", $"'{unknown}' is none of {string.Join(", ", report.Columns)}.");
        if (names is { Length: 0 } || names?.Distinct().Count() < names?.Length)
            return Wrong("columns", "names no column, or one twice.");
        if (separator is not null and not ("comma" or "semicolon" or "tab"))
            return Wrong("separator", "is comma, semicolon or tab.");
        if (decimals is not null and not ("point" or "comma"))
            return Wrong("decimal", "is point or comma.");
        if (dates is { Length: > 40 } || (dates is not null && !IsDateFormat(dates)))
            return Wrong("dates", "is no date format, such as dd.MM.yyyy HH:mm.");
        if (DateTimeZoneProviders.Tzdb.GetZoneOrNull(timeZone ?? "UTC") is null)
            return Wrong("timeZone", $"'{timeZone}' is no IANA time zone.");
        if (days is < 0 or > 3650)
            return Wrong("days", "is between 0 and 3650.");
        return (new(
            names, separator switch { "comma" => ',', "semicolon" => ';', "tab" => '\t', _ => known.Separator }, decimals switch { "point" => '.', "comma" => ',', _ => known.Decimal },
            dates ?? known.Dates, bom ?? known.Bom, timeZone ?? "UTC", days ?? 7), null);

        static (Layout?, Refusal?) Wrong(string name, string why) => (null, Refusal.Invalid("invalid-report", $"{name}: {why}"));
    }

    public IReadOnlyList<int> Pick(Report report) => Columns is null ? [.. Enumerable.Range(0, report.Columns.Count)] : [.. Columns.Select(name => report.Columns.ToList().IndexOf(name))];

    /// <summary>A cell as text of a CSV.</summary>
    public string Text(object? cell) => cell switch
    {
        null => "",
        string text => Defuse(text),
        DateTimeOffset at => Time(at),
        bool yes => yes ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture).Replace('.', Decimal),
        _ => throw new ArgumentException($"no cell: {cell.GetType().Name}", nameof(cell)),
    };

    /// <summary>
    /// What a device calls itself is no formula. OWASP, CSV Injection: a text that begins with one of = + - @, tab, carriage return or line feed, or with a full-width one of the signs, gets an apostrophe before it.
    /// </summary>
    public static string Defuse(string text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠', ..] ? "'" + text : text;

    /// <summary>The wall clock of the layout's time zone.</summary>
    public DateTimeOffset There(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb[TimeZone]).ToDateTimeOffset();

    private string Time(DateTimeOffset at) => DateFormat is null
        ? There(at).ToString(TimeZone == "UTC" ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture)
        : There(at).ToString(DateFormat, CultureInfo.InvariantCulture);

    private static bool IsDateFormat(string text)
    {
        try
        {
            return DateTimeOffset.UnixEpoch.ToString(text, CultureInfo.InvariantCulture).Length > 0 && text.Any(char.IsLetter) && Defuse(text) == text;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

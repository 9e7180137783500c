using System.Globalization;
using System.Text.RegularExpressions;
using NodaTime;

namespace Fleet.Billing.Contracts;

/// <summary>A billed month, <c>yyyy-MM</c>. When it begins and ends depends on whose clock hangs on the wall.</summary>
public sealed partial record Period(int Year, int Month)
{
    public static Period? Parse(string? text) =>
        text is not null && Shape().Match(text) is { Success: true } match
            ? new(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))
            : null;

    /// <summary>The first instant of the month in a time zone of IANA's database; in a gap (clocks go forward at midnight) the first that exists.</summary>
    public DateTimeOffset Start(string timeZone) => StartOfDay(new LocalDate(Year, Month, 1), timeZone);

    /// <summary>The first instant of the next month: a reading taken exactly then ends this period and starts the next.</summary>
    public DateTimeOffset End(string timeZone) => StartOfDay(new LocalDate(Year, Month, 1).PlusMonths(1), timeZone);

    /// <summary>The month before.</summary>
    public Period Before => Month == 1 ? new(Year - 1, 12) : this with { Month = Month - 1 };

    public static DateTimeOffset StartOfDay(LocalDate day, string timeZone) =>
        DateTimeZoneProviders.Tzdb[timeZone].AtStartOfDay(day).ToInstant().ToDateTimeOffset();

    public static bool IsTimeZone(string name) => DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) is not null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Year:0000}-{Month:00}");

    [GeneratedRegex(@"^(20\d\d)-(0[1-9]|1[0-2])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}

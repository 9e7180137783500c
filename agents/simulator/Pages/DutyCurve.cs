namespace Fleet.Simulator.Pages;

/// <summary>When an office prints (UTC): which days, and how much of a day's pages are out by a time of day.</summary>
public static class DutyCurve
{
    // Share of a day's pages per hour, from 0 h. Nothing before six, a dip at noon, a trickle in the evening.
    private static readonly double[] Hours =
        [0, 0, 0, 0, 0, 0, .01, .04, .09, .12, .13, .11, .06, .08, .12, .10, .07, .03, .01, .01, .01, .01, 0, 0];

    private static readonly double[] Until = [.. Hours.Select((_, hour) => Hours.Take(hour).Sum() / Hours.Sum()), 1];

    /// <summary>0 at midnight, 1 at the next; never falls.</summary>
    public static double Done(TimeSpan timeOfDay)
    {
        var hour = Math.Clamp(timeOfDay.TotalHours, 0, 24);
        var whole = Math.Min((int)hour, 23);
        return Until[whole] + ((Until[whole + 1] - Until[whole]) * (hour - whole));
    }

    public static double OfWeekday(DateOnly day) => day switch
    {
        { Month: 12, Day: 24 or 25 or 26 or 31 } or { Month: 1, Day: 1 } => 0.02,
        { DayOfWeek: DayOfWeek.Saturday } => 0.10,
        { DayOfWeek: DayOfWeek.Sunday } => 0.04,
        { DayOfWeek: DayOfWeek.Friday } => 0.85,
        { DayOfWeek: DayOfWeek.Monday } => 1.10,
        _ => 1.0
    };

    /// <summary>Summer and the year's end are quiet.</summary>
    public static double OfMonth(DateOnly day) => day.Month switch { 7 => 0.85, 8 => 0.75, 12 => 0.85, 3 or 10 => 1.10, _ => 1.0 };

    public static bool IsWorking(DateTimeOffset at) =>
        at.UtcDateTime is { Hour: >= 7 and < 18, DayOfWeek: not (DayOfWeek.Saturday or DayOfWeek.Sunday) };
}

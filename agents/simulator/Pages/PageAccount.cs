namespace Fleet.Simulator.Pages;

/// <summary>
/// What a printer has counted at any moment: installed + the days before + the part of today that is out.
/// Sums are kept at month starts (and for the day last asked for), so an answer adds at most 31 days.
/// </summary>
public sealed class PageAccount(Draw printer, Usage usage)
{
    public static readonly DateOnly Installed = new(2025, 1, 1);

    private sealed record Today(DateOnly Day, PageCounts Before, PageCounts Pages);

    private readonly Lock growing = new();
    private volatile PageCounts[] monthStarts = [usage.Installed(printer)];
    private volatile Today? today;

    /// <param name="at">Any moment; before the installation nothing has been added yet.</param>
    /// <param name="heldSince">Set while the printer stands still: pages after that time of day wait in its queue.</param>
    public PageCounts At(DateTimeOffset at, TimeSpan? heldSince = null)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        if (day < Installed) return monthStarts[0];
        var now = today is { } known && known.Day == day ? known : today = new(day, Before(day), usage.Day(printer, day));
        return now.Before + now.Pages.Part(DutyCurve.Done(heldSince ?? at.UtcDateTime.TimeOfDay));
    }

    private PageCounts Before(DateOnly day)
    {
        var month = ((day.Year - Installed.Year) * 12) + day.Month - Installed.Month;
        return MonthStart(month) + Sum(new(day.Year, day.Month, 1), day);
    }

    private PageCounts MonthStart(int month)
    {
        if (month < monthStarts.Length) return monthStarts[month];
        lock (growing)
        {
            var starts = monthStarts.ToList();
            for (var next = starts.Count; next <= month; next++)
                starts.Add(starts[^1] + Sum(Installed.AddMonths(next - 1), Installed.AddMonths(next)));
            monthStarts = [.. starts];
            return starts[month];
        }
    }

    private PageCounts Sum(DateOnly from, DateOnly to)
    {
        var sum = default(PageCounts);
        for (var day = from; day < to; day = day.AddDays(1)) sum += usage.Day(printer, day);
        return sum;
    }
}

namespace Fleet.Simulator.Pages;

/// <summary>How an office of this kind uses a printer; shares are of the printed pages.</summary>
/// <param name="MonthlyMin">Pages a month of the quietest such printer.</param>
/// <param name="MonthlyMax">Pages a month of the busiest.</param>
public sealed record Usage(
    int MonthlyMin, int MonthlyMax, double Color = 0, double Copies = 0, double Fax = 0, double Scans = 0, double Duplex = 0, double A3 = 0)
{
    private const double WorkingDaysPerMonth = 21.7;

    /// <summary>The pages of one day of one printer: nothing but its draws decides.</summary>
    public PageCounts Day(Draw printer, DateOnly day)
    {
        Draw On(Topic topic) => printer.For(topic, day.DayNumber);
        var monthly = printer.For(Topic.Volume).Between(MonthlyMin, MonthlyMax);
        var pages = Whole(monthly / WorkingDaysPerMonth * DutyCurve.OfWeekday(day) * DutyCurve.OfMonth(day) * On(Topic.DayVolume).Between(0.4, 1.6));

        var color = Whole(pages * Color * On(Topic.DayColor).Between(0.5, 1.5));
        var fax = Whole((pages - color) * Fax * On(Topic.DayFax).Between(0, 2));
        var copyShare = Copies * On(Topic.DayCopies).Between(0.5, 1.5);
        var (copyMono, copyColor) = (Whole((pages - color - fax) * copyShare), Whole(color * copyShare));
        var (mono, a3) = (pages - color, A3 * On(Topic.DayA3).Between(0, 2));

        return new(
            PrintMono: mono - fax - copyMono, PrintColor: color - copyColor, CopyMono: copyMono, CopyColor: copyColor, FaxMono: fax,
            Scans: Whole(pages * Scans * On(Topic.DayScans).Between(0.3, 1.7)),
            Duplex: Whole(pages * Duplex / 2 * On(Topic.DayDuplex).Between(0.7, 1.3)),
            A3Mono: Whole(mono * a3), A3Color: Whole(color * a3));
    }

    /// <summary>What it had counted when it was installed: up to five years of such months.</summary>
    public PageCounts Installed(Draw printer)
    {
        var pages = Whole(printer.For(Topic.Volume).Between(MonthlyMin, MonthlyMax) * printer.For(Topic.Age).Between(0, 60));
        var color = Whole(pages * Color);
        var mono = pages - color;
        var (copyMono, copyColor, fax) = (Whole(mono * Copies), Whole(color * Copies), Whole(mono * Fax * 0.5));
        return new(mono - copyMono - fax, color - copyColor, copyMono, copyColor, fax,
            Whole(pages * Scans), Whole(pages * Duplex / 2), Whole(mono * A3), Whole(color * A3));
    }

    private static long Whole(double pages) => (long)Math.Floor(pages);
}

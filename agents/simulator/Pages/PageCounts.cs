namespace Fleet.Simulator.Pages;

/// <summary>A printer's own account in impressions (scans in images, duplex in sheets). <see cref="Mono"/> + <see cref="Color"/> = <see cref="Total"/>, always.</summary>
public readonly record struct PageCounts(
    long PrintMono, long PrintColor, long CopyMono, long CopyColor, long FaxMono, long Scans, long Duplex, long A3Mono, long A3Color)
{
    public long Mono => PrintMono + CopyMono + FaxMono;
    public long Color => PrintColor + CopyColor;
    public long Total => Mono + Color;

    public static PageCounts operator +(PageCounts a, PageCounts b) => a.With(b, (x, y) => x + y);

    public static PageCounts operator -(PageCounts a, PageCounts b) => a.With(b, (x, y) => x - y);

    /// <summary>The part of a day's pages that is out by now. Floors each kind, so it grows with the fraction and never overshoots.</summary>
    public PageCounts Part(double fraction) => With(this, (x, _) => (long)Math.Floor(x * fraction));

    private PageCounts With(PageCounts b, Func<long, long, long> f) => new(
        f(PrintMono, b.PrintMono), f(PrintColor, b.PrintColor), f(CopyMono, b.CopyMono), f(CopyColor, b.CopyColor),
        f(FaxMono, b.FaxMono), f(Scans, b.Scans), f(Duplex, b.Duplex), f(A3Mono, b.A3Mono), f(A3Color, b.A3Color));

    /// <summary>Every counter under the name it has in Fleet's words (DESIGN.md §4).</summary>
    public static readonly IReadOnlyDictionary<string, Func<PageCounts, long>> Named = new Dictionary<string, Func<PageCounts, long>>
    {
        ["total"] = p => p.Total,
        ["mono"] = p => p.Mono,
        ["color"] = p => p.Color,
        ["print"] = p => p.PrintMono + p.PrintColor,
        ["print.mono"] = p => p.PrintMono,
        ["print.color"] = p => p.PrintColor,
        ["copy"] = p => p.CopyMono + p.CopyColor,
        ["copy.mono"] = p => p.CopyMono,
        ["copy.color"] = p => p.CopyColor,
        ["fax"] = p => p.FaxMono,
        ["scan"] = p => p.Scans,
        ["duplex"] = p => p.Duplex,
        ["a3"] = p => p.A3Mono + p.A3Color,
        ["a3.mono"] = p => p.A3Mono,
        ["a3.color"] = p => p.A3Color
    };
}

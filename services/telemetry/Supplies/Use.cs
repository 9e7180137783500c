namespace Fleet.Telemetry.Supplies;

/// <summary>How fast a slot is used, over all supplies that were in it: a handful of sums, folded one look at a time.</summary>
/// <remarks>
/// Falls of the gauge are cut into spans of a week or more, each from one fall to another. Over a week the days of the week cancel out; from fall to fall a gauge
/// of steps is exact whichever way it rounds, because it passes the same point of each step. A span goes on over a replacement: what was left
/// above zero is not counted as used, nor is the rise. Older spans count less and less, so that the rate follows the season.
/// </remarks>
/// <param name="At">When the gauge last said something else.</param>
/// <param name="Percent">What it said then.</param>
/// <param name="Since">The fall the open span began with; null before the first fall.</param>
/// <param name="Fallen">Points fallen in the open span.</param>
/// <param name="Step">Smallest fall, in points.</param>
/// <param name="Spans">Weight of the closed spans; their weighted days, points fallen and points²/days follow.</param>
public sealed record Use(
    DateTimeOffset At, decimal Percent, DateTimeOffset? Since, decimal Fallen, decimal? Step, double Spans, double Days, double Fell, double Squares)
{
    private const double ShortestSpan = 7, HalfLife = 90;      // days

    public static Use Begin(DateTimeOffset at, decimal percent) => new(at, percent, null, 0, null, 0, 0, 0, 0);

    /// <summary>Another supply is in the slot.</summary>
    public Use Replaced(DateTimeOffset at, decimal percent) => this with { At = at, Percent = percent };

    /// <summary>The same supply says another level. A rise is a gauge that wanders: what it takes back was not used.</summary>
    public Use Says(DateTimeOffset at, decimal percent)
    {
        var fall = Percent - percent;
        if (fall == 0 || at <= At)
            return this;
        var seen = this with { At = at, Percent = percent, Step = fall > 0 ? Math.Min(Step ?? fall, fall) : Step };
        if (Since is not { } since)
            return fall > 0 ? seen with { Since = at } : seen;
        var (fallen, days) = (Fallen + fall, (at - since).TotalDays);
        return fall > 0 && fallen > 0 && days >= ShortestSpan ? seen.Close(days, (double)fallen) with { Since = at, Fallen = 0 } : seen with { Fallen = fallen };
    }

    /// <summary>With one more span; also one that is still open, to ask what it would come to.</summary>
    public Use Close(double days, double fallen)
    {
        var fade = Math.Pow(2, -days / HalfLife);
        return this with { Spans = Spans * fade + 1, Days = Days * fade + days, Fell = Fell * fade + fallen, Squares = Squares * fade + fallen * fallen / days };
    }

    /// <summary>Points a day; null before a span is closed.</summary>
    public double? PerDay => Days > 0 ? Fell / Days : null;

    /// <summary>Points² a day: the maximum likelihood estimate of a Wiener process's variance, seen at its first passages (Folks and Chhikara 1978, §4).</summary>
    public double Variance => Spans > 1 ? Math.Max(0, (Squares - Fell * Fell / Days) / (Spans - 1)) : 0;
}

namespace Fleet.Telemetry.Supplies;

/// <summary>When a supply will be empty, with the interval it will be empty in four times of five; or why nobody can say.</summary>
/// <param name="WhyNot">
/// Null when there is a forecast, else <c>some-remaining</c> (the device says no more than that), <c>unknown-level</c>, <c>too-little-history</c>, <c>beyond-five-years</c> or <c>removed</c>.
/// </param>
/// <param name="DaysLeft">Median; as likely sooner as later. From now on.</param>
/// <param name="DaysLow">One time in ten it is empty before that.</param>
/// <param name="DaysHigh">One time in ten it lasts longer; null when that is more than five years.</param>
/// <param name="PercentPerDay">Average use of late, in percent of a full supply.</param>
public sealed record Forecast(
    string? WhyNot,
    double? DaysLeft = null,
    double? DaysLow = null,
    double? DaysHigh = null,
    DateTimeOffset? EmptyAt = null,
    DateTimeOffset? EmptyFrom = null,
    DateTimeOffset? EmptyBy = null,
    double? PercentPerDay = null)
{
    /// <summary>Share of the times the supply is empty between <see cref="DaysLow"/> and <see cref="DaysHigh"/>.</summary>
    public const double Coverage = 0.8;

    // The 90 % point of the normal distribution: a tenth is left on either side.
    private const double Tenth = 1.2816;

    // Share of the rate it wanders by from one season to the next, which no number of spans within one tells. Found by the back-test.
    private const double Season = 0.13;

    private const double FewestSpans = 1.7, Longest = 5 * 365;

    public static Forecast None(string why) => new(why);

    /// <summary>
    /// Use is a Wiener process with drift: points fall at a rate per day, with a variance that grows with the days, an error of the rate that grows with their
    /// square, and a level that a coarse gauge tells only within its step. A supply has fallen by its level L after T days with probability
    /// Φ((μT − L) / √(v + σ²T + τ²μ²T²)); each end of the interval is that equation solved for T.
    /// Source: W. J. Folks and R. S. Chhikara, The Inverse Gaussian Distribution and Its Statistical Application, JRSS B 40 (1978); G. A. Whitmore,
    /// Estimating Degradation by a Wiener Diffusion Process Subject to Measurement Error, Lifetime Data Analysis 1 (1995). Back-tested by ForecastBackTests.
    /// </summary>
    public static Forecast Of(Use? use, string state, decimal? percent, DateTimeOffset now)
    {
        if (state == "some-remaining")
            return None("some-remaining");
        if (state != "measured" || percent is null || use is null)
            return None("unknown-level");
        if (use.PerDay is not { } before || use.Spans < FewestSpans)
            return None("too-little-history");

        var step = (double)(use.Step ?? 1);
        var since = Math.Max(0, (now - use.At).TotalDays);
        // Long overdue: the gauge has stood still for longer than a step takes. That is a span, too.
        var seen = before * since > step ? use.Close(Math.Max(since, (now - (use.Since ?? use.At)).TotalDays), (double)Math.Max(0, use.Fallen) + step / 2) : use;
        var rate = seen.PerDay!.Value;

        // When the gauge fell to what it says, that much or up to a step more was left; what was used since is less than the next step.
        var above = Math.Min(step, 100 - (double)use.Percent);
        var used = Math.Min(rate * since, step);
        var level = Math.Max(0.01, (double)use.Percent + above / 2 - used);
        var doubt = above * above / 12;

        // Few spans tell a variance badly: Student's t for z (Cornish and Fisher 1938, first term).
        var z = Tenth * (1 + (Tenth * Tenth + 1) / (4 * Math.Max(1, seen.Spans - 1)));
        var variance = Math.Max(seen.Variance, step * rate / 6);
        var drift = variance / seen.Days + Season * Season * rate * rate;
        var (low, median, high) = (Solve(-z), level / rate, Solve(z));
        return median > Longest
            ? None("beyond-five-years")
            : new(null, Round(median), Round(low!.Value), high is { } latest ? Round(latest) : null,
                now.AddDays(median), now.AddDays(low.Value), high is { } end ? now.AddDays(end) : null, Math.Round(rate, 3));

        // (μT − L)² = z² (v + σ²T + τ²T²)
        double? Solve(double z)
        {
            var (a, b, c) = (rate * rate - z * z * drift, -2 * rate * level - z * z * variance, level * level - z * z * doubt);
            if (z < 0)
            {
                if (c <= 0)
                    return 0;
                return 2 * c / (-b + Math.Sqrt(Math.Max(0, b * b - 4 * a * c)));
            }
            var root = b * b - 4 * a * c;
            var days = a <= 0 || root < 0 ? double.PositiveInfinity : (-b + Math.Sqrt(root)) / (2 * a);
            return days > Longest ? null : days;
        }
    }

    private static double Round(double days) => Math.Round(days, 1);
}

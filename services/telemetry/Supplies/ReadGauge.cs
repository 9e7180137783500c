namespace Fleet.Telemetry.Supplies;

/// <summary>What kind of word a level is.</summary>
public static class ReadGauge
{
    /// <summary>Percentage points: a gauge that has never fallen by less shows steps, not a level (0/25/50/75/100, 0/20/40/…, 0/10/20/…).</summary>
    public const decimal CoarseFrom = 8;

    public const string Exact = "exact", Coarse = "coarse";

    public static bool IsCoarse(decimal? step) => step >= CoarseFrom;

    /// <returns><c>exact</c>, <c>coarse</c>, or why there is no level: <c>some-remaining</c>, <c>unknown</c>, <c>other</c>, <c>no-scale</c> (a level of an unknown capacity).</returns>
    public static string Of(string state, decimal? percent, decimal? step) =>
        state != "measured" ? state : percent is null ? "no-scale" : IsCoarse(step) ? Coarse : Exact;

    /// <summary>Percent between which the supply must be: vendors round up, down and to the nearest step, and do not say which.</summary>
    public static (decimal Low, decimal High)? Interval(string state, decimal? percent, decimal? step) =>
        state != "measured" || percent is not { } shown ? null
        : IsCoarse(step) ? (Math.Max(0, shown - step!.Value), Math.Min(100, shown + step.Value))
        : (shown, shown);
}

using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry.Tests.Supplies;

/// <summary>Hundreds of supplies over four simulated years: how often a forecast's interval held the day the supply truly was empty.</summary>
public class ForecastBackTests
{
    private static readonly SimulatedGauge Percent = new(1, 0), Tenths = new(10, 0.5), Quarters = new(25, 0), QuartersNearest = new(25, 0.5), QuartersDown = new(25, 1), Fifths = new(20, 0.5);

    private static IEnumerable<SimulatedGauge> Gauges => [Percent, Tenths, Fifths, Quarters, QuartersNearest, QuartersDown];

    private static readonly Lazy<ILookup<SimulatedGauge, Outcome>> Outcomes = new(() => Gauges
        .SelectMany(gauge => Enumerable.Range(0, 150).SelectMany(seed => new SimulatedSupply(seed, gauge).Moments).Select(moment => (gauge, moment)))
        .Select(one => (one.gauge, outcome: new Outcome(Forecast.Of(one.moment.Use, "measured", one.moment.Percent, one.moment.Now), one.moment.TrueDays)))
        .ToLookup(one => one.gauge, one => one.outcome));

    private sealed record Outcome(Forecast Forecast, double TrueDays);

    [Test]
    public void Four_times_of_five_the_supply_is_empty_within_the_interval()
    {
        var all = Outcomes.Value.SelectMany(gauge => gauge).Where(outcome => outcome.Forecast.WhyNot is null).ToList();
        foreach (var gauge in Outcomes.Value)
            Tell(gauge.Key.ToString(), gauge.ToList());
        Tell("all", all);

        Assert.That(all, Has.Count.GreaterThan(10_000));
        Assert.That(Covered(all, Interval), Is.InRange(0.75, 0.88));
    }

    [TestCaseSource(nameof(Gauges))]
    public void No_kind_of_gauge_is_promised_what_it_does_not_get(object gauge) =>
        Assert.That(Covered([.. Outcomes.Value[(SimulatedGauge)gauge].Where(o => o.Forecast.WhyNot is null)], Interval), Is.InRange(0.72, 0.93));

    [Test] // the twin: an interval of a tenth to either side looks precise and is wrong
    public void A_narrow_interval_is_found_out() =>
        Assert.That(Covered([.. Outcomes.Value.SelectMany(o => o).Where(o => o.Forecast.WhyNot is null)], f => (f.DaysLeft!.Value * 0.9, f.DaysLeft.Value * 1.1)), Is.LessThan(0.75));

    [Test] // the other twin: one that promises nothing is no forecast
    public void A_wide_interval_is_found_out() =>
        Assert.That(Covered([.. Outcomes.Value.SelectMany(o => o).Where(o => o.Forecast.WhyNot is null)], f => (0, f.DaysLeft!.Value * 5)), Is.GreaterThan(0.88));

    [Test]
    public void A_gauge_of_steps_is_forecast_with_a_wider_interval_than_an_exact_one() =>
        Assert.That(Width(Quarters), Is.GreaterThan(Width(Percent) * 1.3));

    [Test]
    public void The_median_is_not_biased()
    {
        var all = Outcomes.Value[Percent].Where(o => o.Forecast.WhyNot is null).ToList();
        Assert.That(all.Count(o => o.TrueDays < o.Forecast.DaysLeft) / (double)all.Count, Is.InRange(0.4, 0.6));
    }

    private static double Width(SimulatedGauge gauge) =>
        Outcomes.Value[gauge].Where(o => o.Forecast.DaysHigh is not null).Average(o => o.Forecast.DaysHigh!.Value - o.Forecast.DaysLow!.Value);

    private static (double Low, double High) Interval(Forecast forecast) => (forecast.DaysLow!.Value, forecast.DaysHigh ?? double.PositiveInfinity);

    private static double Covered(IReadOnlyCollection<Outcome> outcomes, Func<Forecast, (double Low, double High)> interval) =>
        outcomes.Count(o => interval(o.Forecast) is var (low, high) && o.TrueDays >= low - 0.05 && o.TrueDays <= high + 0.05) / (double)outcomes.Count;

    private static void Tell(string name, List<Outcome> outcomes)
    {
        var told = outcomes.Where(o => o.Forecast.WhyNot is null).ToList();
        TestContext.Out.WriteLine(
            $"{name}: {told.Count} forecasts of {outcomes.Count}, inside {Covered(told, Interval):P1}, below {told.Count(o => o.TrueDays < o.Forecast.DaysLow - 0.05) / (double)told.Count:P1}, " +
            $"earlier than the median {told.Count(o => o.TrueDays < o.Forecast.DaysLeft) / (double)told.Count:P1}, mean width {told.Average(o => (o.Forecast.DaysHigh ?? 1825) - o.Forecast.DaysLow!.Value):F1} d");
    }
}

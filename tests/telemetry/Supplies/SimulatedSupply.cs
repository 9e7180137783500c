using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry.Tests.Supplies;

/// <summary>How a gauge makes a word of what is truly left.</summary>
/// <param name="Step">Points.</param>
/// <param name="Round">The share of a step it rounds at: 0 up, 0.5 to the nearest, 1 down.</param>
internal sealed record SimulatedGauge(int Step, double Round)
{
    public decimal Shows(double left) => Math.Clamp((int)Math.Ceiling(left / Step - Round - 1e-9) * Step, 0, 100);
}

/// <summary>
/// Years of one slot in an office that has weekdays, seasons, holidays, busy days and quiet weeks: what is truly used, what the gauge said each quarter of a day, and when each cartridge truly was, or would have been, empty.
/// </summary>
internal sealed class SimulatedSupply
{
    private const int Years = 4, PerDay = 4;
    private readonly double[] _used;        // points used since the beginning, by quarter of a day

    public SimulatedSupply(int seed, SimulatedGauge gauge)
    {
        var chance = new Random(seed);
        _used = new double[Years * 365 * PerDay];
        var average = 100 / Math.Exp(Between(chance, Math.Log(12), Math.Log(250)));          // a cartridge lasts 12 to 250 days
        var (season, phase, trend) = (Between(chance, 0, 0.35), Between(chance, 0, 365), Between(chance, -0.15, 0.15));
        var (weekend, unsteady, bursts) = (chance.NextDouble() < 0.3 ? 0.4 : 0.02, Between(chance, 0.4, 2.0), chance.NextDouble() < 0.3 ? 0.02 : 0.004);
        for (var day = 0; day < Years * 365; day++)
        {
            var rate = average * (1 + season * Math.Sin(2 * Math.PI * (day - phase) / 365)) * (1 + trend * day / 365);
            rate *= day % 7 >= 5 ? weekend : 7 / (5 + 2 * weekend);
            rate *= day % 365 is >= 355 or < 4 ? 0.2 : day % 365 is >= 205 and < 226 ? 0.6 : 1;         // the turn of the year, and a summer
            var used = rate * Gamma(chance, 1 / unsteady) * unsteady * (chance.NextDouble() < bursts ? 6 : 1);
            for (var part = 0; part < PerDay; part++)
                _used[day * PerDay + part] = (day + part == 0 ? 0 : _used[day * PerDay + part - 1]) + used * (part is 1 or 2 ? 0.5 : 0);
        }
        Look(chance, gauge);
    }

    /// <summary>What a forecast is asked of: the state at a moment, and the day the cartridge in it truly ends.</summary>
    public List<(Use Use, decimal Percent, DateTimeOffset Now, double TrueDays)> Moments { get; } = [];

    private void Look(Random chance, SimulatedGauge gauge)
    {
        Use? use = null;
        var (begun, change, shown) = (-Between(chance, 0, 90), ReplaceAt(chance), decimal.MinusOne);    // the first one is already in use
        for (var at = 0; at < _used.Length; at++)
        {
            var left = 100 - (_used[at] - begun);
            if (gauge.Shows(left) is var says && says != shown)
                (use, shown) = (use?.Says(Time(at), says) ?? Use.Begin(Time(at), says), says);
            if (left <= change)
            {
                (begun, change, shown) = (_used[at], ReplaceAt(chance), 100);
                use = use!.Replaced(Time(at), 100);
            }
            if (at > 365 * PerDay && chance.Next(15 * PerDay) == 0 && 100 - (_used[at] - begun) > 0 && TrueDays(at, begun + 100) is { } days)
                Moments.Add((use!, shown, Time(at), days));
        }
    }

    private double? TrueDays(int now, double empty)
    {
        var at = Array.FindIndex(_used, now, used => used >= empty);
        return at < 0 ? null : (at - now) / (double)PerDay;
    }

    // Most are printed empty, some are changed at the warning, some far too early.
    private static double ReplaceAt(Random chance) => chance.NextDouble() switch { < 0.6 => 0, < 0.9 => Between(chance, 0, 10), _ => Between(chance, 10, 40) };

    private static DateTimeOffset Time(int at) => Samples.Noon.AddDays(at / (double)PerDay);

    private static double Between(Random chance, double low, double high) => low + chance.NextDouble() * (high - low);

    // Marsaglia and Tsang 2000; a shape below one by its own power.
    private static double Gamma(Random chance, double shape)
    {
        if (shape < 1)
            return Gamma(chance, shape + 1) * Math.Pow(1 - chance.NextDouble(), 1 / shape);
        for (double d = shape - 1 / 3.0, c = 1 / Math.Sqrt(9 * d); ;)
        {
            var x = Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
            var v = Math.Pow(1 + c * x, 3);
            if (v > 0 && Math.Log(1 - chance.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v))
                return d * v;
        }
    }
}

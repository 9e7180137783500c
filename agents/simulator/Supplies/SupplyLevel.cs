namespace Fleet.Simulator.Supplies;

/// <summary>A cartridge at a moment: how full it is, what the device says of it, and the how-manieth it is.</summary>
/// <param name="Fraction">What is left of it, 1 new … 0 empty.</param>
/// <param name="Level">prtMarkerSuppliesLevel as this model tells it.</param>
/// <param name="Replaced">How many have been changed before it.</param>
public sealed record SupplyLevel(SupplySpec Spec, double Fraction, long Level, long Replaced)
{
    private const double LowAt = 0.10;

    public bool IsEmpty => Fraction <= 0;
    public bool IsLow => !IsEmpty && Fraction <= LowAt;
    public bool IsToner => Spec.Type == 3;

    /// <param name="spent">The counter that empties it, at this moment.</param>
    public static SupplyLevel At(Draw printer, SupplySpec spec, long spent)
    {
        var draw = printer.For(Topic.SupplyCycle, spec.Index);
        // Some offices change it with a little left, others print on until well after it is empty.
        var cycle = Math.Max(1, (long)(spec.Yield * draw.Between(0.94, 1.03)));
        var used = spent + printer.For(Topic.SupplyStart, spec.Index).Whole(0, cycle);
        var fraction = Math.Max(0, 1 - ((double)(used % cycle) / spec.Yield));
        return new(spec, fraction, Told(spec, fraction), used / cycle);
    }

    private static long Told(SupplySpec spec, double fraction) => spec.Tells switch
    {
        Tells.Exactly => (long)Math.Ceiling(Math.Max(spec.Capacity, 0) * fraction),
        Tells.InTens => (long)Math.Ceiling(fraction * 10) * spec.Capacity / 10,
        Tells.SomeRemaining => fraction > 0 ? -3 : 0,
        Tells.Nothing => -2,
        _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Tells, "No such way to tell a level")
    };
}

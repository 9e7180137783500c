namespace Fleet.Telemetry.Supplies;

// the slot as known + what it says now -> the evidence that another supply is in it
public static class Replacement
{
    public const string BySerial = "serial", ByRise = "rise";

    /// <summary>Points a level must rise by: gauges wander, and a shaken toner rises by a few.</summary>
    public const decimal Rise = 20;

    /// <summary>Percent. What is replaced with more than this left was replaced before its time.</summary>
    public const decimal PrematureAbove = 10;

    /// <returns><see cref="BySerial"/>, <see cref="ByRise"/>, or null: the same supply as before, as far as can be told.</returns>
    public static string? Evidence(Slot? before, Supply now) => before switch
    {
        null => null,
        { Serial: { } old } when now.Serial is { } serial && serial != old => BySerial,
        { Serial: { } old } when now.Serial == old => null,        // whatever the gauge says, it is the same one
        { Percent: { } percent } when now.Percent - percent > Math.Max(Rise, before.Step ?? 0) => ByRise,
        { Percent: 0 } when now.State == "some-remaining" => ByRise,      // it was empty and no longer is
        _ => null,
    };

    /// <summary>Of a coarse gauge only what must have been left counts: one that says 25 in steps of 25 may have held nothing more.</summary>
    public static bool IsPremature(Slot replaced) =>
        replaced.Percent - (ReadGauge.IsCoarse(replaced.Step) ? replaced.Step : 0) > PrematureAbove;
}

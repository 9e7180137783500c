using System.Collections.Immutable;

namespace Fleet.Telemetry.Supplies;

/// <summary>State of one slot within <c>device/{id}</c>: what the next look at it is compared with.</summary>
/// <param name="Supply">As last told.</param>
/// <param name="Percent">The last percentage told of the supply that is in it: a device that has just had its toner changed often says "unknown" for a while.</param>
/// <param name="Serial">The last serial number told of it.</param>
/// <param name="Step">The smallest fall its gauge has shown, in percentage points; null before it has fallen.</param>
/// <param name="InstalledAt">When the supply was seen to be put in; null when it was there before anybody looked.</param>
/// <param name="Gone">It is no longer in the device's table.</param>
public sealed record Slot(Supply Supply, decimal? Percent, string? Serial, decimal? Step, DateTimeOffset? InstalledAt, bool Gone)
{
    public static ImmutableSortedDictionary<string, Slot> Told(ImmutableSortedDictionary<string, Slot> slots, Supply now) =>
        slots.SetItem(now.Slot, slots.GetValueOrDefault(now.Slot) is { } before
            ? before with { Supply = now, Percent = now.Percent ?? before.Percent, Serial = now.Serial ?? before.Serial, Step = Smaller(before.Step, before.Percent - now.Percent), Gone = false }
            : new(now, now.Percent, now.Serial, null, null, Gone: false));

    /// <summary>The gauge is the device's and stays; what it said is of the supply that was taken out.</summary>
    public static ImmutableSortedDictionary<string, Slot> Replaced(ImmutableSortedDictionary<string, Slot> slots, string slot, DateTimeOffset at) =>
        slots.TryGetValue(slot, out var before) ? slots.SetItem(slot, before with { Percent = null, Serial = null, InstalledAt = at, Gone = false }) : slots;

    public static ImmutableSortedDictionary<string, Slot> Removed(ImmutableSortedDictionary<string, Slot> slots, string slot) =>
        slots.TryGetValue(slot, out var before) ? slots.SetItem(slot, before with { Gone = true }) : slots;

    private static decimal? Smaller(decimal? step, decimal? fall) => fall is not > 0 ? step : step is { } known ? Math.Min(known, fall.Value) : fall;
}

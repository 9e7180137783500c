using System.Diagnostics;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Supplies;

/// <summary>One slot of one device as last told. No percentage unless level and capacity are known: unknown is not a number.</summary>
/// <param name="ChangedAt">Since when it is so, by the agent's clock.</param>
/// <param name="RemovedAt">When its row left the device's table; null while it is there.</param>
/// <param name="InstalledAt">When it was seen to be put in; null when it was there before anybody looked.</param>
/// <param name="First">The first percentage that was told of it.</param>
/// <param name="Last">The replacement before this supply; null when none was seen.</param>
/// <param name="Use">Null before a percentage was told.</param>
public sealed record SupplyRow(
    string DeviceId,
    string Slot,
    string Description,
    string Type,
    string Class,
    string? Color,
    string? Part,
    string? Serial,
    string Unit,
    string State,
    long? Level,
    long? Capacity,
    decimal? Percent,
    DateTimeOffset ChangedAt,
    DateTimeOffset? RemovedAt,
    DateTimeOffset? InstalledAt,
    LevelAt? First,
    ReplacedSupply? Last,
    int Replacements,
    Use? Use);

/// <param name="Percent">What the gauge said.</param>
public sealed record LevelAt(DateTimeOffset At, decimal Percent);

/// <summary>What was in a slot before, and when something else was found in it.</summary>
/// <param name="Evidence"><c>serial</c>: another serial number; <c>rise</c>: the level rose as only another supply makes it.</param>
/// <param name="PercentLeft">The last percentage told of the supply that was taken out; null when none was.</param>
/// <param name="Premature">More was left than <paramref name="PrematureAbove"/> percent, the step of a coarse gauge taken off.</param>
public sealed record ReplacedSupply(DateTimeOffset At, string Evidence, string Description, string? Serial, decimal? PercentLeft, bool Premature, decimal PrematureAbove);

/// <summary>One row per device and slot, key <c>{device}/{slot}</c>.</summary>
public static class Supplies
{
    public static readonly View<SupplyRow> View = new("supplies", version: 2, e => SlotOf(e) is { } slot ? [$"{Device.IdOf(e)}/{slot}"] : [], Evolve)
    {
        Indexes = ["device_id"],
    };

    private static string? SlotOf(IEvent e) => e.Data switch
    {
        DeviceEvent.SupplyLevelChanged changed => changed.Supply.Slot,
        DeviceEvent.SupplyReplaced replaced => replaced.Before.Slot,
        DeviceEvent.SupplyRemoved removed => removed.Last.Slot,
        _ => null,
    };

    private static SupplyRow? Evolve(SupplyRow? row, IEvent e, string key) => (e.Data, row) switch
    {
        (DeviceEvent.SupplyLevelChanged { Supply: var supply, At: var at }, _) => Told(row, Device.IdOf(e), supply, at),
        (DeviceEvent.SupplyReplaced r, { }) => row with
        {
            InstalledAt = r.At,
            First = null,
            Last = new(r.At, r.Evidence, r.Before.Description, r.Before.Serial, r.PercentLeft, r.Premature, r.PrematureAbove),
            Replacements = row.Replacements + 1,
        },
        (DeviceEvent.SupplyRemoved removed, { }) => row with { RemovedAt = removed.At },
        (_, null) => null,
        _ => throw new UnreachableException($"No fold for {e.Data.GetType().Name}"),
    };

    private static SupplyRow Told(SupplyRow? row, string device, Supply s, DateTimeOffset at) => new(
        device, s.Slot, s.Description, s.Type, s.Class, s.Color, s.Part, s.Serial, s.Unit, s.State, s.Level, s.Capacity, s.Percent, at, RemovedAt: null,
        row?.InstalledAt, row?.First ?? (s.Percent is { } first ? new(at, first) : null), row?.Last, row?.Replacements ?? 0, Used(row, s.Percent, at));

    // A slot whose first percentage is yet to come has another supply in it than the one the use is known of.
    private static Use? Used(SupplyRow? row, decimal? percent, DateTimeOffset at) => (row, percent) switch
    {
        (_, null) => row?.Use,
        ({ Use: { } use, First: null }, { } now) => use.Replaced(at, now),
        ({ Use: { } use }, { } now) => use.Says(at, now),
        (_, { } now) => Use.Begin(at, now),
    };
}

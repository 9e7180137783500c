using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Silence;
using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry.Devices;

public abstract record DeviceEvent
{
    /// <summary>Heard of for the first time.</summary>
    public sealed record Registered(DeviceCard Card, DateTimeOffset At) : DeviceEvent;

    /// <summary>What it says it is changed; what it no longer says is gone from the card.</summary>
    public sealed record Described(DeviceCard Card, DateTimeOffset At) : DeviceEvent;

    /// <param name="Late">One as new or newer was already here.</param>
    /// <param name="Id">Its own id, for the evidence of what comes after it. Null in events from before epochs were kept.</param>
    /// <param name="Agent"><c>{site}/{agent}</c> that read it.</param>
    /// <param name="Serial">As told with the reading.</param>
    /// <param name="Mac">As told with the reading.</param>
    /// <param name="Marks">What could be said of its quality when it came; null: nothing.</param>
    /// <param name="Ignored">Counters that are not counted on from this reading.</param>
    public sealed record MeterRead(
        string SiteId,
        string Profile,
        int ProfileVersion,
        IReadOnlyList<Counter> Counters,
        DateTimeOffset ObservedAt,
        DateTimeOffset ReceivedAt,
        bool Late,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? Id = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Agent = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Serial = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mac = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<Mark>? Marks = null,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Ignored = null) : DeviceEvent;

    public sealed record SupplyLevelChanged(Supply Supply, DateTimeOffset At) : DeviceEvent;

    /// <summary>Another supply is in the slot; what it says of itself follows.</summary>
    /// <param name="Before">What was in it, as last told.</param>
    /// <param name="Evidence">See <see cref="Replacement"/>.</param>
    /// <param name="PercentLeft">The last percentage told of it; null when none ever was.</param>
    /// <param name="GaugeStep">The smallest fall its gauge had shown.</param>
    /// <param name="InstalledAt">Null when it was there before anybody looked.</param>
    /// <param name="PrematureAbove">The threshold that was held against what was left.</param>
    public sealed record SupplyReplaced(
        Supply Before, string Evidence, decimal? PercentLeft, decimal? GaugeStep, DateTimeOffset? InstalledAt, bool Premature, decimal PrematureAbove, DateTimeOffset At) : DeviceEvent;

    /// <summary>Its row is no longer in the device's table.</summary>
    public sealed record SupplyRemoved(Supply Last, DateTimeOffset At) : DeviceEvent;

    public sealed record StatusChanged(DeviceStatus Status, DateTimeOffset At) : DeviceEvent;

    public sealed record AlertRaised(
        string Index, string Severity, string Group, int GroupIndex, int Code, string Description, DateTimeOffset At) : DeviceEvent;

    public sealed record AlertCleared(string Index, int Code, DateTimeOffset At) : DeviceEvent;

    /// <summary>It is the same device as another one, whose stream its events go to from now on.</summary>
    /// <param name="By">The person who said so; null: an observation named both.</param>
    public sealed record Merged(string Into, string? By, string? Reason, DateTimeOffset At) : DeviceEvent;

    /// <summary>The other side of <see cref="Merged"/>.</summary>
    public sealed record Joined(string Device, string? By, string? Reason, DateTimeOffset At) : DeviceEvent;

    /// <summary>It was a device of its own all the same.</summary>
    public sealed record Unmerged(string From, string By, string Reason, DateTimeOffset At) : DeviceEvent;

    /// <summary>The other side of <see cref="Unmerged"/>.</summary>
    public sealed record Parted(string Device, string By, string Reason, DateTimeOffset At) : DeviceEvent;

    /// <summary>What is observed under one of its names is another device from now on.</summary>
    /// <param name="Name">Kind of the name: <c>mac</c> or <c>address</c>.</param>
    public sealed record Split(string Into, string Name, string By, string Reason, DateTimeOffset At) : DeviceEvent;

    /// <summary>The other side of <see cref="Split"/>.</summary>
    public sealed record SplitOff(string From, string Name, string SiteId, string By, string Reason, DateTimeOffset At) : DeviceEvent;

    public sealed record Retired(string By, string Reason, DateTimeOffset At) : DeviceEvent;

    /// <param name="By">Null: it spoke again by itself.</param>
    public sealed record Returned(string? By, string? Reason, DateTimeOffset At) : DeviceEvent;

    public sealed record ConflictFound(DeviceConflict Conflict, DateTimeOffset At) : DeviceEvent;

    /// <summary>A person looked at it.</summary>
    public sealed record ConflictSettled(string Kind, string? With, string By, string Reason, DateTimeOffset At) : DeviceEvent;

    /// <summary>The same serial number with another MAC, the former one silent: another board, whose counters may jump.</summary>
    public sealed record BoardReplaced(DateTimeOffset At) : DeviceEvent;

    /// <summary>Another device is at its address.</summary>
    public sealed record Displaced(string By, DateTimeOffset At) : DeviceEvent;

    /// <summary>It should have been heard by now and was not.</summary>
    /// <param name="Cause">What is known of why: a name of <see cref="SilenceCause"/>.</param>
    /// <param name="LastSeenAt">When it last answered its agent.</param>
    public sealed record FellSilent(string Cause, DateTimeOffset LastSeenAt, DateTimeOffset At) : DeviceEvent;

    /// <param name="Status">As it was known before: its agent tells it again only when it is another.</param>
    public sealed record SpokeAgain(DeviceStatus? Status, DateTimeOffset At) : DeviceEvent;
}

/// <summary>State of <c>device/{id}</c>: what the next decision needs and no more (readings are in the stream).</summary>
/// <param name="Card">Null before it is registered.</param>
/// <param name="Supplies">By slot.</param>
/// <param name="Meters">Where its counters stand.</param>
/// <param name="SilentSince">When it was called silent; null while it is heard.</param>
/// <param name="Alerts">By prtAlertIndex: open ones, and the last closed ones so that a late word of them is recognised.</param>
public sealed record Device(
    DeviceCard? Card,
    DeviceStatus? Status,
    ImmutableSortedDictionary<string, Slot> Supplies,
    ImmutableSortedDictionary<string, AlertMark> Alerts,
    Counts Meters,
    Standing Standing,
    DateTimeOffset? SilentSince = null)
{
    public static readonly Device Unknown = new(
        null, null, ImmutableSortedDictionary<string, Slot>.Empty, ImmutableSortedDictionary<string, AlertMark>.Empty, Counts.None, Standing.New);

    public static readonly StreamType<Device, DeviceEvent> Stream = new("device", Unknown, Evolve)
    {
        Snapshot = true,
        SnapshotVersion = 2,
        Events =
        {
            ["device_registered"] = typeof(DeviceEvent.Registered),
            ["device_described"] = typeof(DeviceEvent.Described),
            ["meter_read"] = typeof(DeviceEvent.MeterRead),
            ["supply_level_changed"] = typeof(DeviceEvent.SupplyLevelChanged),
            ["supply_replaced"] = typeof(DeviceEvent.SupplyReplaced),
            ["supply_removed"] = typeof(DeviceEvent.SupplyRemoved),
            ["device_status_changed"] = typeof(DeviceEvent.StatusChanged),
            ["device_alert_raised"] = typeof(DeviceEvent.AlertRaised),
            ["device_alert_cleared"] = typeof(DeviceEvent.AlertCleared),
            ["counter_epochs_started"] = typeof(MeterEvent.EpochsStarted),
            ["counters_restated"] = typeof(MeterEvent.Restated),
            ["reading_corrected"] = typeof(MeterEvent.ReadingCorrected),
            ["device_merged"] = typeof(DeviceEvent.Merged),
            ["device_joined"] = typeof(DeviceEvent.Joined),
            ["device_unmerged"] = typeof(DeviceEvent.Unmerged),
            ["device_parted"] = typeof(DeviceEvent.Parted),
            ["device_split"] = typeof(DeviceEvent.Split),
            ["device_split_off"] = typeof(DeviceEvent.SplitOff),
            ["device_retired"] = typeof(DeviceEvent.Retired),
            ["device_returned"] = typeof(DeviceEvent.Returned),
            ["device_conflict_found"] = typeof(DeviceEvent.ConflictFound),
            ["device_conflict_settled"] = typeof(DeviceEvent.ConflictSettled),
            ["device_board_replaced"] = typeof(DeviceEvent.BoardReplaced),
            ["device_displaced"] = typeof(DeviceEvent.Displaced),
            ["device_fell_silent"] = typeof(DeviceEvent.FellSilent),
            ["device_spoke_again"] = typeof(DeviceEvent.SpokeAgain),
        },
    };

    private const string Prefix = "device/";

    public static string StreamKey(string id) => Prefix + id;

    public static string IdOf(IEvent e) => e.StreamKey[Prefix.Length..];

    public static Device Evolve(Device device, DeviceEvent e) => e switch
    {
        DeviceEvent.Registered registered => device with { Card = registered.Card },
        DeviceEvent.Described described => device with { Card = described.Card },
        DeviceEvent.MeterRead or MeterEvent => device with { Meters = Counts.Evolve(device.Meters, e) },
        DeviceEvent.SupplyLevelChanged changed => device with { Supplies = Slot.Told(device.Supplies, changed.Supply) },
        DeviceEvent.SupplyReplaced replaced => device with { Supplies = Slot.Replaced(device.Supplies, replaced.Before.Slot, replaced.At) },
        DeviceEvent.SupplyRemoved removed => device with { Supplies = Slot.Removed(device.Supplies, removed.Last.Slot) },
        DeviceEvent.StatusChanged changed => device with { Status = changed.Status },
        DeviceEvent.AlertRaised raised => device with { Alerts = AlertMark.Note(device.Alerts, raised.Index, new(true, raised.Code, raised.At)) },
        DeviceEvent.AlertCleared cleared => device with { Alerts = AlertMark.Note(device.Alerts, cleared.Index, new(false, cleared.Code, cleared.At)) },
        DeviceEvent.SplitOff split when device.Card is null => device with { Card = new(split.SiteId), Standing = Standing.Evolve(device.Standing, e) },
        DeviceEvent.Merged or DeviceEvent.Joined or DeviceEvent.Unmerged or DeviceEvent.Parted or DeviceEvent.Split or DeviceEvent.SplitOff or DeviceEvent.Retired or DeviceEvent.Returned
            or DeviceEvent.ConflictFound or DeviceEvent.ConflictSettled => device with { Standing = Standing.Evolve(device.Standing, e) },
        DeviceEvent.BoardReplaced or DeviceEvent.Displaced => device,
        DeviceEvent.FellSilent silent => device with { SilentSince = silent.At },
        DeviceEvent.SpokeAgain => device with { SilentSince = null },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

using System.Diagnostics;
using System.Globalization;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Silence;
using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry.Timeline;

/// <summary>What happened to a device.</summary>
/// <param name="At">When it happened; of what was observed, by the agent's clock.</param>
/// <param name="Who">The person who did it; null: nobody, it was observed.</param>
public sealed record Happening(DateTimeOffset At, string Kind, string Sentence, string? Who = null);

/// <summary>Each stored event of a device in words. One table; an event without a line fails a test.</summary>
public static class DeviceWords
{
    /// <param name="before">The card before it; null when it was the first.</param>
    public static Happening Of(DeviceEvent e, DeviceCard? before) => e switch
    {
        DeviceEvent.Registered r => new(r.At, "registered", $"First heard of at site {r.Card.SiteId}{Told(r.Card)}."),
        DeviceEvent.Described d => new(d.At, "described", Changed(before, d.Card)),
        DeviceEvent.MeterRead m => new(m.ObservedAt, "read", $"Counters read: {List(m.Counters.Select(c => Text($"{c.Name} {c.Value}")))}{(m.Late ? ", which came late" : "")}."),
        MeterEvent.EpochsStarted s => new(s.At, "epoch", $"Counting began anew: {List(s.Starts.Select(start => $"{start.Counter} ({start.Reason})"))}."),
        MeterEvent.Restated r => new(r.At, "restated", Text($"A late or corrected reading put {r.Days.Count} days and {r.Marks.Count} readings in another light.")),
        MeterEvent.ReadingCorrected c => new(c.At, "corrected", $"The reading of {Time(c.ObservedAt)} was {c.Kind}{(c.Counter is null ? "" : Text($" for {c.Counter}{(c.Value is { } v ? Text($" as {v}") : "")}"))}: {c.Why}", c.By),
        DeviceEvent.SupplyLevelChanged s => new(s.At, "supply", $"{Named(s.Supply)} {Level(s.Supply)}."),
        DeviceEvent.SupplyReplaced r => new(r.At, "supply-replaced", $"{Named(r.Before)} was replaced{(r.PercentLeft is { } left ? Text($" with {left} % left") : "")}{(r.Premature ? ", too early" : "")}."),
        DeviceEvent.SupplyRemoved r => new(r.At, "supply-removed", $"{Named(r.Last)} is no longer there."),
        DeviceEvent.StatusChanged s => new(s.At, "status", $"Became {DeviceState.Of(s.Status)}{(s.Status.Errors.Count == 0 ? "" : $": {List(s.Status.Errors)}")}."),
        DeviceEvent.AlertRaised a => new(a.At, "alert", $"Reported: {a.Description} ({a.Severity})."),
        DeviceEvent.AlertCleared c => new(c.At, "alert-cleared", Text($"What it had reported with code {c.Code} is over.")),
        DeviceEvent.Merged m => new(m.At, "merged", $"Is the same device as {m.Into}, where it goes on{Because(m.Reason)}.", m.By),
        DeviceEvent.Joined j => new(j.At, "joined", $"The device {j.Device} is this one{Because(j.Reason)}.", j.By),
        DeviceEvent.Unmerged u => new(u.At, "unmerged", $"Is not {u.From} after all, and goes on by itself{Because(u.Reason)}.", u.By),
        DeviceEvent.Parted p => new(p.At, "parted", $"The device {p.Device} is not this one after all{Because(p.Reason)}.", p.By),
        DeviceEvent.Split s => new(s.At, "split", $"Was two devices: what is observed under one {s.Name} goes on as {s.Into}{Because(s.Reason)}.", s.By),
        DeviceEvent.SplitOff s => new(s.At, "split-off", $"Was told from {s.From} by its {s.Name}{Because(s.Reason)}.", s.By),
        DeviceEvent.Retired r => new(r.At, "retired", $"Was retired{Because(r.Reason)}.", r.By),
        DeviceEvent.Returned r => new(r.At, "returned", r.By is null ? "Spoke again, and is back in use." : $"Is back in use{Because(r.Reason)}.", r.By),
        DeviceEvent.ConflictFound { Conflict.Kind: DeviceConflict.ClonedSerial } c => new(c.At, "conflict", $"Another device, {c.Conflict.With}, claims its serial number at the same time."),
        DeviceEvent.ConflictFound c => new(c.At, "conflict", "Agents of two sites see it in turns: their address ranges overlap."),
        DeviceEvent.ConflictSettled c => new(c.At, "conflict-settled", $"Somebody looked at the conflict ({c.Kind}){Because(c.Reason)}.", c.By),
        DeviceEvent.BoardReplaced b => new(b.At, "board", "The same serial number with another network address of its hardware: its board was replaced."),
        DeviceEvent.Displaced d => new(d.At, "displaced", $"Another device, {d.By}, is at its address."),
        DeviceEvent.FellSilent s => new(s.At, "silent", $"Not heard since {Time(s.LastSeenAt)}: {Cause(s.Cause)}."),
        DeviceEvent.SpokeAgain s => new(s.At, "heard", "Heard again."),
        _ => throw new UnreachableException($"No words for {e.GetType().Name}"),
    };

    private static readonly (string Name, Func<DeviceCard, string?> Of)[] Members =
    [
        ("site", c => c.SiteId), ("manufacturer", c => c.Manufacturer), ("model", c => c.Model), ("serial number", c => c.Serial), ("name", c => c.Name), ("location", c => c.Location),
        ("address", c => c.Address), ("MAC", c => c.Mac), ("firmware", c => c.Firmware), ("profile", c => c.Profile),
    ];

    private static string Changed(DeviceCard? before, DeviceCard now)
    {
        var changes = Members.Select(m => (m.Name, Was: before is null ? null : m.Of(before), Is: m.Of(now))).Where(m => m.Was != m.Is)
            .Select(m => (m.Was, m.Is) switch
            {
                (null, { } told) => $"{m.Name} is {told}",
                ({ } was, null) => $"{m.Name} (was {was}) is no longer told",
                var (was, told) => $"{m.Name} changed from {was} to {told}",
            }).ToList();
        return changes.Count == 0 ? "Described itself anew." : $"{char.ToUpperInvariant(changes[0][0])}{List(changes)[1..]}.";
    }

    private static string Told(DeviceCard card) =>
        string.Concat(new[] { (", ", (card.Manufacturer + " " + card.Model).Trim()), (", serial number ", card.Serial), (", at ", card.Address) }.Where(t => t.Item2 is { Length: > 0 }).Select(t => t.Item1 + t.Item2));

    private static string Named(Supply s) => $"{s.Description} ({(s.Color is null ? s.Type : $"{s.Color} {s.Type}")})";

    private static string Level(Supply s) => s switch
    {
        { Percent: { } percent } => Text($"is at {percent} %"),
        { State: "some-remaining" } => "has some left",
        { Level: { } level } => Text($"is at {level} {s.Unit}"),
        _ => "does not tell its level",
    };

    private static string Cause(string cause) => cause switch
    {
        SilenceCause.SiteDark => "no agent of its site speaks",
        SilenceCause.Unreachable => "it does not answer its agent",
        _ => "its agent speaks, and says nothing of it",
    };

    private static string Because(string? reason) => reason is null ? "" : $" ({reason})";

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string List(IEnumerable<string> words) => string.Join(", ", words);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

// stream alert/{device}/{condition}: one condition of one device, episode after episode, from raised to resolved
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;

namespace Fleet.Alerting.Alerts;

/// <summary>What happens to a condition of a device. Stored, private; what leaves is in <see cref="AnnounceAlert"/>.</summary>
public abstract record AlertEvent
{
    /// <summary>Which of the device's words it was, where a condition has several: <c>row-1.17</c>. Null for the condition's own watcher.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>The condition holds and nobody was told yet: a new episode.</summary>
    public sealed record Raised(
        string AlertId, int Episode, string Device, string Condition, string Severity, string Summary, DateTimeOffset At) : AlertEvent;

    /// <summary>Another of the device's words shows what is raised already: evidence, and no news.</summary>
    public sealed record Corroborated(string AlertId, string Device, string Condition, string Summary, DateTimeOffset At) : AlertEvent;

    /// <summary>The same episode, now critical: whoever acknowledged the warning has not acknowledged this.</summary>
    public sealed record Worsened(string AlertId, string Device, string Condition, string Severity, string Summary, DateTimeOffset At) : AlertEvent;

    /// <param name="By">The token's subject, never a person's name.</param>
    public sealed record Acknowledged(string AlertId, string Device, string Condition, string By, string? Note, DateTimeOffset At) : AlertEvent;

    /// <param name="By">Null when the device itself showed that it is over.</param>
    public sealed record Resolved(string AlertId, string Device, string Condition, string? By, string? Note, DateTimeOffset At) : AlertEvent;

    /// <summary>A newer word of the device that changed nothing: kept, so that an older one that comes late changes nothing either.</summary>
    /// <param name="Over">This word does not show the condition any more.</param>
    /// <param name="Holds">It shows it, though nobody is told of it.</param>
    public sealed record Observed(
        bool Over, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Holds = false) : AlertEvent;
}

public enum AlertStatus
{
    Quiet,
    Raised,
    Acknowledged,
}

/// <summary>What one of the device's words last said of a condition.</summary>
public sealed record Word(bool Holds, DateTimeOffset At)
{
    public static readonly Word None = new(false, DateTimeOffset.MinValue);
}

/// <param name="Episode">Number of the latest episode, from 1; 0 before the first.</param>
/// <param name="Answered">Severity of what a person resolved while the device had not shown it over: the same again is no news.</param>
/// <param name="OverAt">When the last of the device's words showed it over. People's words do not move it: their clock is another one.</param>
/// <param name="Words">By source. The condition is over when none of them holds.</param>
public sealed record Alert(
    int Episode, string Id, AlertStatus Status, string? Severity, string? Answered, DateTimeOffset OverAt, ImmutableDictionary<string, Word> Words)
{
    public static readonly Alert Quiet = new(0, "", AlertStatus.Quiet, null, null, DateTimeOffset.MinValue, ImmutableDictionary<string, Word>.Empty);

    // Rows of a device's alert table have ever new indexes; of those that are gone the newest few are enough to know what comes late.
    private const int MostWords = 40;

    public Word Said(string? source) => Words.GetValueOrDefault(source ?? "", Word.None);

    public bool HeldByOthers(string? source) => Words.Any(word => word.Value.Holds && word.Key != (source ?? ""));

    public static readonly StreamType<Alert, AlertEvent> Stream = new("alert", Quiet, Evolve)
    {
        Snapshot = true,
        Events =
        {
            ["alert_raised"] = typeof(AlertEvent.Raised),
            ["alert_worsened"] = typeof(AlertEvent.Worsened),
            ["alert_corroborated"] = typeof(AlertEvent.Corroborated),
            ["alert_acknowledged"] = typeof(AlertEvent.Acknowledged),
            ["alert_resolved"] = typeof(AlertEvent.Resolved),
            ["alert_observed"] = typeof(AlertEvent.Observed),
        },
    };

    public static string Key(string device, string condition) => $"alert/{device}/{condition}";

    public static Alert Evolve(Alert alert, AlertEvent e) => e switch
    {
        AlertEvent.Raised raised => (alert with
        {
            Episode = raised.Episode,
            Id = raised.AlertId,
            Status = AlertStatus.Raised,
            Severity = raised.Severity,
            Answered = null,
        }).Hear(e.Source, true, raised.At),
        AlertEvent.Worsened worse => (alert with { Status = AlertStatus.Raised, Severity = worse.Severity }).Hear(e.Source, true, worse.At),
        AlertEvent.Corroborated also => alert.Hear(e.Source, true, also.At),
        AlertEvent.Acknowledged => alert with { Status = AlertStatus.Acknowledged },
        AlertEvent.Resolved { By: null } over => (alert with { Status = AlertStatus.Quiet, Severity = null, OverAt = over.At }).Hear(e.Source, false, over.At),
        AlertEvent.Resolved => alert with { Status = AlertStatus.Quiet, Severity = null, Answered = alert.Severity },
        AlertEvent.Observed { Over: true } over when alert.HeldByOthers(e.Source) => alert.Hear(e.Source, false, over.At),
        AlertEvent.Observed { Over: true } over => (alert with { Answered = null, OverAt = Later(alert.OverAt, over.At) }).Hear(e.Source, false, over.At),
        AlertEvent.Observed seen => alert.Hear(e.Source, seen.Holds || alert.Said(e.Source).Holds, seen.At),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };

    private Alert Hear(string? source, bool holds, DateTimeOffset at)
    {
        var words = Words.SetItem(source ?? "", new(holds, at));
        return this with { Words = words.Count > MostWords ? words.RemoveRange(words.Where(word => !word.Value.Holds).OrderBy(word => word.Value.At).Take(1).Select(word => word.Key)) : words };
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

// stream alert/{device}/{condition}: one condition of one device, episode after episode, from raised to resolved
using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Alerting.Alerts;

/// <summary>What happens to a condition of a device. Stored, private; what leaves is in <see cref="AnnounceAlert"/>.</summary>
public abstract record AlertEvent
{
    /// <summary>The condition holds and nobody was told yet: a new episode.</summary>
    public sealed record Raised(
        string AlertId, int Episode, string Device, string Condition, string Severity, string Summary, DateTimeOffset At) : AlertEvent;

    /// <summary>The same episode, now critical: whoever acknowledged the warning has not acknowledged this.</summary>
    public sealed record Worsened(string AlertId, string Device, string Condition, string Severity, string Summary, DateTimeOffset At) : AlertEvent;

    /// <param name="By">The token's subject, never a person's name.</param>
    public sealed record Acknowledged(string AlertId, string Device, string Condition, string By, string? Note, DateTimeOffset At) : AlertEvent;

    /// <param name="By">Null when the device itself showed that it is over.</param>
    public sealed record Resolved(string AlertId, string Device, string Condition, string? By, string? Note, DateTimeOffset At) : AlertEvent;

    /// <summary>A newer word of the device that changed nothing: kept, so that an older one that comes late changes nothing either.</summary>
    /// <param name="Over">The condition does not hold.</param>
    public sealed record Observed(bool Over, DateTimeOffset At) : AlertEvent;
}

public enum AlertStatus
{
    Quiet,
    Raised,
    Acknowledged,
}

/// <param name="Episode">Number of the latest episode, from 1; 0 before the first.</param>
/// <param name="Answered">Severity of what a person resolved while the device had not shown it over: the same again is no news.</param>
/// <param name="AsOf">The newest word of the device. People's words do not move it: their clock is another one.</param>
public sealed record Alert(int Episode, string Id, AlertStatus Status, string? Severity, string? Answered, DateTimeOffset AsOf)
{
    public static readonly Alert Quiet = new(0, "", AlertStatus.Quiet, null, null, DateTimeOffset.MinValue);

    public static readonly StreamType<Alert, AlertEvent> Stream = new("alert", Quiet, Evolve)
    {
        Snapshot = true,
        Events =
        {
            ["alert_raised"] = typeof(AlertEvent.Raised),
            ["alert_worsened"] = typeof(AlertEvent.Worsened),
            ["alert_acknowledged"] = typeof(AlertEvent.Acknowledged),
            ["alert_resolved"] = typeof(AlertEvent.Resolved),
            ["alert_observed"] = typeof(AlertEvent.Observed),
        },
    };

    public static string Key(string device, string condition) => $"alert/{device}/{condition}";

    public static Alert Evolve(Alert alert, AlertEvent e) => e switch
    {
        AlertEvent.Raised raised => new(raised.Episode, raised.AlertId, AlertStatus.Raised, raised.Severity, null, raised.At),
        AlertEvent.Worsened worse => alert with { Status = AlertStatus.Raised, Severity = worse.Severity, AsOf = worse.At },
        AlertEvent.Acknowledged => alert with { Status = AlertStatus.Acknowledged },
        AlertEvent.Resolved { By: null } over => alert with { Status = AlertStatus.Quiet, Severity = null, AsOf = over.At },
        AlertEvent.Resolved => alert with { Status = AlertStatus.Quiet, Severity = null, Answered = alert.Severity },
        AlertEvent.Observed { Over: true } over => alert with { Answered = null, AsOf = over.At },
        AlertEvent.Observed seen => alert with { AsOf = seen.At },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

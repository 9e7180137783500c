// evidence of any watcher -> Decide -> stream alert/{device}/{condition}
using static Fleet.Alerting.Alerts.AlertEvent;

namespace Fleet.Alerting.Alerts;

/// <summary>What one fact shows about one condition.</summary>
public abstract record Evidence
{
    /// <inheritdoc cref="AlertEvent.Source"/>
    public string? Source { get; init; }

    public sealed record Holds(string Severity, string Summary) : Evidence;

    public sealed record Over : Evidence;

    /// <summary>Newer, but between the lines: neither raises nor ends anything.</summary>
    public sealed record Undecided : Evidence;
}

/// <summary>Whose condition it is.</summary>
public sealed record Condition(string Tenant, string Device, string Name)
{
    public string Stream => Alert.Key(Device, Name);
}

/// <summary>The one place that turns evidence into an alert's life.</summary>
public static class Weigh
{
    /// <param name="evidence">Null when the fact shows nothing: then an older one that does still counts.</param>
    /// <param name="at">When the device was observed.</param>
    public static IReadOnlyList<AlertEvent> Decide(Evidence? evidence, Condition of, DateTimeOffset at, Alert alert) =>
        evidence is null || at <= alert.Said(evidence.Source).At
            ? []        // late or delivered again: this or a newer word of the same source has already decided
            : [Follows(evidence, of, at, alert) with { Source = evidence.Source }];

    private static AlertEvent Follows(Evidence evidence, Condition of, DateTimeOffset at, Alert alert) => (evidence, alert.Status) switch
    {
        // What one word shows from a time before another showed it over is the episode that has ended.
        (Evidence.Holds holds, AlertStatus.Quiet) when at > alert.OverAt && Severity.IsWorse(holds.Severity, alert.Answered) => Raise(holds, of, at, alert),
        (Evidence.Holds holds, not AlertStatus.Quiet) when Severity.IsWorse(holds.Severity, alert.Severity) =>
            new Worsened(alert.Id, of.Device, of.Name, holds.Severity, holds.Summary, at),
        (Evidence.Holds holds, not AlertStatus.Quiet) when !alert.Said(holds.Source).Holds => new Corroborated(alert.Id, of.Device, of.Name, holds.Summary, at),
        (Evidence.Holds, _) => new Observed(Over: false, at, Holds: true),
        (Evidence.Over, not AlertStatus.Quiet) when !alert.HeldByOthers(evidence.Source) => new Resolved(alert.Id, of.Device, of.Name, By: null, Note: null, at),
        (Evidence.Over, _) => new Observed(Over: true, at),
        _ => new Observed(Over: false, at),
    };

    private static Raised Raise(Evidence.Holds holds, Condition of, DateTimeOffset at, Alert alert)
    {
        var episode = alert.Episode + 1;
        return new(AlertId.Of(of.Tenant, of.Device, of.Name, episode), episode, of.Device, of.Name, holds.Severity, holds.Summary, at);
    }
}

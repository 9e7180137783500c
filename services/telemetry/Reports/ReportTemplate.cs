using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;

namespace Fleet.Telemetry.Reports;

public abstract record TemplateEvent
{
    /// <param name="By">Subject of the token of who saved it.</param>
    public sealed record Saved(string Name, ReportAsk Ask, string By, DateTimeOffset At) : TemplateEvent;

    /// <param name="Provider">Whom the person works for, whose consent is asked at each delivery; null: for the customer, who needs none.</param>
    public sealed record Scheduled(Schedule Schedule, string By, string? Provider, DateTimeOffset At) : TemplateEvent;

    public sealed record Unscheduled(string By, DateTimeOffset At) : TemplateEvent;

    public sealed record Dropped(string By, DateTimeOffset At) : TemplateEvent;

    /// <summary>One instance has taken it on; no other does while it may be at it.</summary>
    /// <param name="Due">The moment of the schedule it is for.</param>
    public sealed record DeliveryBegun(DateTimeOffset Due, int Attempt, DateTimeOffset At) : TemplateEvent;

    /// <param name="To">Addresses, or the file below the configured folder.</param>
    public sealed record Delivered(DateTimeOffset Due, IReadOnlyList<string> To, long Bytes, string Sha256, DateTimeOffset At) : TemplateEvent;

    /// <param name="Reason"><c>no-consent</c>, <c>too-large</c>, <c>not-configured</c>, or what the server or the disk said.</param>
    /// <param name="Final">It is not tried again for this moment of the schedule.</param>
    public sealed record DeliveryFailed(DateTimeOffset Due, string Reason, bool Final, DateTimeOffset At) : TemplateEvent;
}

/// <summary>What was asked for, in the words of the report's own parameters.</summary>
public sealed record ReportAsk(
    string Report,
    string Format,
    string? Columns = null,
    string? Locale = null,
    string? Separator = null,
    string? Decimal = null,
    string? Dates = null,
    bool? Bom = null,
    string? TimeZone = null,
    int? Days = null);

/// <summary>When a report is delivered, and where to: to addresses, to a folder, or both.</summary>
/// <param name="Cron">Five fields, in <paramref name="TimeZone"/>: <c>0 7 * * 1</c> is Mondays at seven.</param>
/// <param name="TimeZone">IANA name of the tenant's or the site's time zone.</param>
/// <param name="Folder">Name of a folder of the tenant's below the configured one; a slug.</param>
public sealed record Schedule(string Cron, string TimeZone, IReadOnlyList<string>? Emails = null, string? Folder = null);

/// <summary>State of <c>report/{id}</c>.</summary>
/// <param name="Since">When the schedule was made: nothing before that is owed.</param>
/// <param name="Due">The moment of the schedule that was last taken on.</param>
/// <param name="Closed">Delivered, or failed for good.</param>
public sealed record ReportTemplate(
    string? Name, ReportAsk? Ask, Schedule? Schedule, string? Provider, DateTimeOffset Since, DateTimeOffset? Due, int Attempt, DateTimeOffset TouchedAt, bool Failed, bool Closed)
{
    public static readonly ReportTemplate None = new(null, null, null, null, DateTimeOffset.MinValue, null, 0, DateTimeOffset.MinValue, false, false);

    public static readonly StreamType<ReportTemplate, TemplateEvent> Stream = new("report", None, Evolve)
    {
        Events =
        {
            ["report_saved"] = typeof(TemplateEvent.Saved),
            ["report_scheduled"] = typeof(TemplateEvent.Scheduled),
            ["report_unscheduled"] = typeof(TemplateEvent.Unscheduled),
            ["report_dropped"] = typeof(TemplateEvent.Dropped),
            ["report_delivery_begun"] = typeof(TemplateEvent.DeliveryBegun),
            ["report_delivered"] = typeof(TemplateEvent.Delivered),
            ["report_delivery_failed"] = typeof(TemplateEvent.DeliveryFailed),
        },
    };

    [JsonIgnore]
    public bool Exists => Ask is not null;

    public static string StreamKey(string id) => $"report/{id}";

    public static string IdOf(IEvent e) => e.StreamKey["report/".Length..];

    public static ReportTemplate Evolve(ReportTemplate template, TemplateEvent e) => e switch
    {
        TemplateEvent.Saved saved => template with { Name = saved.Name, Ask = saved.Ask },
        TemplateEvent.Scheduled made => template with { Schedule = made.Schedule, Provider = made.Provider, Since = made.At, Due = null, Attempt = 0, Failed = false, Closed = false },
        TemplateEvent.Unscheduled => template with { Schedule = null },
        TemplateEvent.Dropped => None,
        TemplateEvent.DeliveryBegun begun => template with { Due = begun.Due, Attempt = begun.Attempt, TouchedAt = begun.At, Failed = false, Closed = false },
        TemplateEvent.Delivered done => template with { TouchedAt = done.At, Closed = done.Due == template.Due || template.Closed },
        TemplateEvent.DeliveryFailed failed => template with { TouchedAt = failed.At, Failed = true, Closed = failed.Final },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

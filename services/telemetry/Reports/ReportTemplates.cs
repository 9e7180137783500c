using Fleet.EventStore;

namespace Fleet.Telemetry.Reports;

/// <summary>A saved report and, when it has a schedule, how its last deliveries went.</summary>
/// <param name="Key">Its id.</param>
/// <param name="By">Who saved it.</param>
/// <param name="Deliveries">The last twenty, the newest first.</param>
public sealed record TemplateRow(
    string TenantId, string Key, string Name, ReportAsk Ask, Schedule? Schedule, string By, DateTimeOffset SavedAt, IReadOnlyList<DeliveryRow> Deliveries);

/// <summary>One delivery of a report.</summary>
/// <param name="Due">The moment of the schedule it was for.</param>
/// <param name="Failure">Why it failed; null when it went out.</param>
/// <param name="Bytes">Of the file.</param>
public sealed record DeliveryRow(DateTimeOffset Due, DateTimeOffset At, IReadOnlyList<string> To, long? Bytes, string? Sha256, string? Failure);

/// <summary>One row per saved report, key its id.</summary>
public static class ReportTemplates
{
    public static readonly View<TemplateRow> View = new("report_templates", version: 1, e => e.Data is TemplateEvent ? [ReportTemplate.IdOf(e)] : [], (row, e, key) => (e.Data, row) switch
    {
        (TemplateEvent.Saved saved, null) => new(e.TenantId, key, saved.Name, saved.Ask, null, saved.By, saved.At, []),
        (TemplateEvent.Saved saved, { }) => row with { Name = saved.Name, Ask = saved.Ask, By = saved.By, SavedAt = saved.At },
        (TemplateEvent.Dropped, _) => null,
        (TemplateEvent.Scheduled made, { }) => row with { Schedule = made.Schedule },
        (TemplateEvent.Unscheduled, { }) => row with { Schedule = null },
        (TemplateEvent.Delivered done, { }) => With(row, new(done.Due, done.At, done.To, done.Bytes, done.Sha256, null)),
        (TemplateEvent.DeliveryFailed failed, { }) => With(row, new(failed.Due, failed.At, [], null, null, failed.Reason)),
        _ => row,
    });

    private static TemplateRow With(TemplateRow row, DeliveryRow delivery) => row with { Deliveries = [delivery, .. row.Deliveries.Take(19)] };
}

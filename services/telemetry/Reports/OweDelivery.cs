using NCrontab;
using NodaTime;

namespace Fleet.Telemetry.Reports;

// template + now -> Decide -> DeliveryBegun: whoever appends it first delivers
public static class OweDelivery
{
    public const int MostAttempts = 5;

    // An instance that has not said how it went by then has died; what it did may be done twice, under the same Message-ID and file name.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<TemplateEvent> Decide(ReportTemplate template, DateTimeOffset now)
    {
        if (template.Schedule is null || Newest(template.Schedule, template.Since, now) is not { } due)
            return [];
        if (template.Due != due)
            return [new TemplateEvent.DeliveryBegun(due, 1, now)];
        var rested = now >= template.TouchedAt + (template.Failed ? TimeSpan.FromMinutes(Math.Pow(2, template.Attempt)) : Lease);
        return template.Closed || !rested || template.Attempt >= MostAttempts ? [] : [new TemplateEvent.DeliveryBegun(due, template.Attempt + 1, now)];
    }

    /// <summary>The last moment of the schedule that is past: after an outage the newest is owed, not each that was missed.</summary>
    public static DateTimeOffset? Newest(Schedule schedule, DateTimeOffset since, DateTimeOffset now)
    {
        var zone = DateTimeZoneProviders.Tzdb[schedule.TimeZone];
        // A year back is as far as any cron's moments lie apart.
        var from = since > now.AddDays(-366) ? since : now.AddDays(-366);
        DateTimeOffset? newest = null;
        foreach (var wall in CrontabSchedule.Parse(schedule.Cron).GetNextOccurrences(There(from).AddHours(-2), There(now).AddHours(2)))
        {
            // An hour that is skipped or doubled in spring or autumn has one moment all the same.
            var at = zone.AtLeniently(LocalDateTime.FromDateTime(wall)).ToDateTimeOffset().ToUniversalTime();
            if (at > since && at <= now)
                newest = at;
        }
        return newest;

        DateTime There(DateTimeOffset at) => Instant.FromDateTimeOffset(at).InZone(zone).ToDateTimeUnspecified();
    }
}

using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using NCrontab;
using NodaTime;

namespace Fleet.Telemetry.Reports;

/// <summary>A report to be kept under a name.</summary>
public sealed record SaveReportRequest(string Name, ReportAsk Report);

// POST …/report-templates, PUT …/schedule, DELETE -> Decide -> stream report/{id} -> ReportTemplates -> GET …/report-templates
public static class SaveReport
{
    public static Decision<TemplateEvent> Decide(SaveReportRequest asked, string by, DateTimeOffset now) =>
        asked.Name.Trim().Length is 0 or > 100 ? Refusal.Invalid("invalid-report", "name: has one to a hundred characters.")
        : Wrong(asked.Report) is { } wrong ? wrong
        : new TemplateEvent.Saved(asked.Name.Trim(), asked.Report, by, now);

    public static Decision<TemplateEvent> Decide(Schedule asked, ReportTemplate template, Caller caller, DeliverySettings settings, DateTimeOffset now) =>
        !template.Exists ? Unknown
        : CrontabSchedule.TryParse(asked.Cron) is null ? Refusal.Invalid("invalid-schedule", "cron: has five fields, such as 0 7 * * 1.")
        : DateTimeZoneProviders.Tzdb.GetZoneOrNull(asked.TimeZone) is null ? Refusal.Invalid("invalid-schedule", $"timeZone: '{asked.TimeZone}' is no IANA time zone.")
        : asked.Emails is not { Count: > 0 } && asked.Folder is null ? Refusal.Invalid("invalid-schedule", "emails or folder: one of them says where to.")
        : asked.Emails is { Count: > 20 } || asked.Emails?.All(IsAddress) == false ? Refusal.Invalid("invalid-schedule", "emails: at most twenty addresses, each name@domain.")
        : asked.Folder is { } folder && !IsSlug(folder) ? Refusal.Invalid("invalid-schedule", "folder: is a name of lower-case letters, digits and hyphens; it lies below the configured folder.")
        : asked.Emails is { Count: > 0 } && settings.SmtpHost is null ? Refusal.Invalid("no-mail-server", "This installation has no mail server (FLEET_SMTP_HOST).")
        : asked.Folder is not null && settings.Folder is null ? Refusal.Invalid("no-folder", "This installation has no folder for reports (FLEET_REPORTS_FOLDER).")
        : !caller.May(ReportOf(template.Ask!).Right) ? Problems.MissingRight(ReportOf(template.Ask!).Right)
        : new TemplateEvent.Scheduled(asked, caller.Id, caller.IsOfCustomer ? null : caller.Provider ?? "", now);

    public static Refusal Unknown => Refusal.Unknown("unknown-report", "This tenant has no such saved report.");

    public static Report ReportOf(ReportAsk ask) => Report.All.Single(report => report.Name == ask.Report);

    public static (Layout? Layout, Refusal? Refusal) LayoutOf(ReportAsk ask) =>
        Layout.Of(ReportOf(ask), ask.Columns, ask.Locale, ask.Separator, ask.Decimal, ask.Dates, ask.Bom, ask.TimeZone, ask.Days);

    private static Refusal? Wrong(ReportAsk ask) =>
        Report.All.All(report => report.Name != ask.Report) ? Refusal.Invalid("invalid-report", $"report: is one of {string.Join(", ", Report.All.Select(report => report.Name))}.")
        : ask.Format is not ("csv" or "xlsx") ? Refusal.Invalid("invalid-report", "format: is csv or xlsx.")
        : LayoutOf(ask).Refusal;

    // What a header of a mail could be ended by is no address.
    private static bool IsAddress(string text) => text.Length <= 254 && text.All(c => c > ' ' && c != '<' && c != '>' && c != ',') && text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at
        && at == text.LastIndexOf('@') && at < text.Length - 3;

    private static bool IsSlug(string text) => text.Length is > 0 and <= 63 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-') && text[0] != '-';
}

public static class TemplateRoutes
{
    private const string Path = "/api/v1/tenants/{t}/report-templates";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet(Path, async (string t, CancellationToken cancel) =>
        {
            await using var session = module.Store.QuerySession(t);
            var rows = await session.QueryAsync<TemplateRow>("where tenant_id = @t order by key", new { t }, cancel);
            return Results.Ok(new Page<TemplateRow>(rows, null));
        }).Produces<Page<TemplateRow>>().Requires(Right.ReadFleet).WithName("ListReportTemplates").WithSummary("Saved reports, when they are delivered, and how that went");

        app.MapPost(Path, async (string t, SaveReportRequest asked, Caller caller, HttpContext http, CancellationToken cancel) =>
        {
            var id = Idempotency.NewId(http, module.Clock).ToString("N");
            var outcome = await DecideAsync(module, t, id, template => template.Exists ? Decision<TemplateEvent>.Nothing : SaveReport.Decide(asked, caller.Id, module.Clock.GetUtcNow()), cancel);
            return outcome.Refusal?.ToResult() ?? Results.Created($"/api/v1/tenants/{t}/report-templates/{id}", new SavedReport(id, outcome.State.Name!, outcome.State.Ask!));
        }).Produces<SavedReport>(201).Requires(Right.ManageReports).Idempotent(module).WithName("SaveReport").WithSummary("Keep a report's parameters under a name");

        app.MapPut($"{Path}/{{id}}/schedule", (string t, string id, Schedule asked, Caller caller, CancellationToken cancel) =>
            DoneAsync(module, t, id, template => SaveReport.Decide(asked, template, caller, DeliverySettings.Of(module.Settings), module.Clock.GetUtcNow()), cancel))
            .Produces(204).Requires(Right.ManageReports).WithName("ScheduleReport").WithSummary("Have a saved report delivered by e-mail or to a folder");

        app.MapDelete($"{Path}/{{id}}/schedule", (string t, string id, Caller caller, CancellationToken cancel) =>
            DoneAsync(module, t, id, template => !template.Exists ? SaveReport.Unknown
                : template.Schedule is null ? Decision<TemplateEvent>.Nothing : new TemplateEvent.Unscheduled(caller.Id, module.Clock.GetUtcNow()), cancel))
            .Produces(204).Requires(Right.ManageReports).WithName("UnscheduleReport").WithSummary("Deliver a saved report no more");

        app.MapDelete($"{Path}/{{id}}", (string t, string id, Caller caller, CancellationToken cancel) =>
            DoneAsync(module, t, id, template => template.Exists ? new TemplateEvent.Dropped(caller.Id, module.Clock.GetUtcNow()) : SaveReport.Unknown, cancel))
            .Produces(204).Requires(Right.ManageReports).WithName("DropReport").WithSummary("Keep a saved report no more");
    }

    private static async Task<IResult> DoneAsync(ModuleContext module, string t, string id, Func<ReportTemplate, Decision<TemplateEvent>> decide, CancellationToken cancel) =>
        (await DecideAsync(module, t, id, decide, cancel)).Refusal?.ToResult() ?? Results.NoContent();

    private static Task<Outcome<ReportTemplate, TemplateEvent>> DecideAsync(
        ModuleContext module, string t, string id, Func<ReportTemplate, Decision<TemplateEvent>> decide, CancellationToken cancel) =>
        module.DecideAsync(t, ReportTemplate.StreamKey(id), decide, cancel);
}

/// <summary>A report that is kept under a name.</summary>
public sealed record SavedReport(string Id, string Name, ReportAsk Report);

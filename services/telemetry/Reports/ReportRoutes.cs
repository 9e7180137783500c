using System.ComponentModel;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Reports;

// views, a page of devices at a time -> rows -> CSV or XLSX, on the way out as it is made
public static class ReportRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        foreach (var report in Report.All)
            Map(app, module, report);
    }

    private static void Map(IEndpointRouteBuilder app, ModuleContext module, Report report) =>
        app.MapGet($"/api/v1/tenants/{{t}}/reports/{report.Name}.{{format}}", async (
            string t,
            [Description("`csv` (RFC 4180, UTF-8) or `xlsx`.")] string format,
            [Description("Names of columns, separated by commas, in the order they are wanted; all when left out.")] string? columns,
            [Description("What a spreadsheet of this language expects of a CSV: `iso` (the default), `de`, `fr`, `nl`, `pl`, `en-GB`, `en-US`. Those that follow win over it.")] string? locale,
            [Description("`comma`, `semicolon` or `tab`.")] string? separator,
            [Description("`point` or `comma`.")] string? @decimal,
            [Description("Format of times, such as `dd.MM.yyyy HH:mm`; ISO 8601 when left out.")] string? dates,
            [Description("Begin a CSV with a byte order mark, by which Excel knows UTF-8.")] bool? bom,
            [Description("IANA time zone of all times, such as `Europe/Berlin`; UTC when left out.")] string? timeZone,
            [Description("For the report `silent`: not seen for so many days; 7 when left out.")] int? days,
            [Description("Id of a saved report of this kind: its parameters, in place of all others.")] string? template,
            HttpContext http, CancellationToken cancel) =>
        {
            if (format is not ("csv" or "xlsx"))
                return Refusal.Unknown("unknown-format", $"'{format}' is neither csv nor xlsx.").ToResult();
            var (layout, refusal) = Layout.Of(report, columns, locale, separator, @decimal, dates, bom, timeZone, days);
            if (template is not null)
            {
                await using var session = module.Store.QuerySession(t);
                (layout, refusal) = await session.LoadAsync<TemplateRow>(t, template, cancel) is { } saved && saved.Ask.Report == report.Name ? SaveReport.LayoutOf(saved.Ask) : (null, SaveReport.Unknown);
            }
            if (refusal is not null)
                return refusal.ToResult();
            var rows = report.ReadAsync(module, t, layout!.Pick(report), layout.SilentDays, cancel);
            var (header, name) = (layout.Columns ?? report.Columns, $"{t}-{report.Name}-{module.Clock.GetUtcNow():yyyy-MM-dd}.{format}");
            // ZipArchive writes its entries' few bytes of heads and tails as they come, also in its asynchronous clothes.
            http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = format == "xlsx";
            return format == "csv"
                ? Results.Stream(stream => WriteCsv.ToAsync(stream, header, rows, layout, cancel), WriteCsv.ContentType, name)
                : Results.Stream(stream => WriteXlsx.ToAsync(stream, report.Name, header, rows, layout, cancel), WriteXlsx.ContentType, name);
        }).Produces<string>(contentType: "text/csv", additionalContentTypes: WriteXlsx.ContentType).Requires(report.Right)
            .WithName($"Get{char.ToUpperInvariant(report.Name[0])}{report.Name[1..]}Report").WithSummary($"{report.Title}, as a table");
}

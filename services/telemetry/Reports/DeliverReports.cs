using System.Globalization;
using System.Security.Cryptography;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;

namespace Fleet.Telemetry.Reports;

// ReportTemplates with a schedule, each half minute -> OweDelivery -> stream report/{id}: begun -> file -> e-mail, folder -> delivered or failed
/// <summary>Delivers what schedules owe. Any number of instances may run: the one whose <c>report_delivery_begun</c> is appended delivers.</summary>
public sealed class DeliverReports(ModuleContext module) : BackgroundService
{
    private readonly ILogger _log = module.Logs.CreateLogger<DeliverReports>();

    // What a server or a disk says no to for a moment; what lasts longer is tried again later, as a fact of its own.
    private readonly ResiliencePipeline _patience = new ResiliencePipelineBuilder { TimeProvider = module.Clock }
        .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 2, BackoffType = DelayBackoffType.Exponential, Delay = TimeSpan.FromSeconds(1), UseJitter = true }).Build();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(30), module.Clock, stoppingToken);
                await PassAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _log.LogWarning(e, "Reports could not be looked through; tried again in half a minute");
            }
    }

    /// <summary>Once over all schedules of all tenants.</summary>
    /// <returns>Deliveries this instance took on.</returns>
    public async Task<int> PassAsync(CancellationToken cancel)
    {
        var taken = 0;
        foreach (var (tenant, id) in await ScheduledAsync(cancel))
            try
            {
                taken += await TakeAsync(tenant, id, cancel) ? 1 : 0;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested)
            {
                _log.LogWarning(e, "Report {Template} of {Tenant} could not be looked at; the others are", id, tenant);
            }
        return taken;
    }

    private async Task<bool> TakeAsync(string tenant, string id, CancellationToken cancel)
    {
        var key = ReportTemplate.StreamKey(id);
        var outcome = await module.DecideAsync<ReportTemplate, TemplateEvent>(tenant, key, template => new(OweDelivery.Decide(template, module.Clock.GetUtcNow())), cancel);
        if (outcome.Refusal is not null || outcome.Events is not [TemplateEvent.DeliveryBegun begun])
            return false;
        var said = await DeliverAsync(tenant, id, outcome.State, begun, cancel);
        await module.DecideAsync<ReportTemplate, TemplateEvent>(tenant, key, _ => said, cancel);
        return true;
    }

    private async Task<TemplateEvent> DeliverAsync(string tenant, string id, ReportTemplate template, TemplateEvent.DeliveryBegun begun, CancellationToken cancel)
    {
        try
        {
            var (report, layout, settings) = (SaveReport.ReportOf(template.Ask!), SaveReport.LayoutOf(template.Ask!).Layout!, DeliverySettings.Of(module.Settings));
            if (!await AllowsAsync(tenant, template.Provider, report.Right, cancel))
                return Failed("no-consent", final: true);
            if ((template.Schedule!.Emails is { Count: > 0 } && settings.SmtpHost is null) || (template.Schedule.Folder is not null && settings.Folder is null))
                return Failed("not-configured", final: true);

            await using var file = new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 65536, FileOptions.DeleteOnClose);
            var rows = report.ReadAsync(module, tenant, layout.Pick(report), layout.SilentDays, cancel);
            var (csv, header) = (template.Ask!.Format == "csv", layout.Columns ?? report.Columns);
            await (csv ? WriteCsv.ToAsync(file, header, rows, layout, cancel) : WriteXlsx.ToAsync(file, report.Name, header, rows, layout, cancel));
            if (file.Length > DeliverySettings.LargestMail && template.Schedule.Emails is { Count: > 0 })
                return Failed("too-large", final: true);

            file.Position = 0;
            var (bytes, hash) = (file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel)));
            var name = string.Create(CultureInfo.InvariantCulture, $"{tenant}-{report.Name}-{begun.Due.UtcDateTime:yyyyMMdd'T'HHmm'Z'}-{id[..8]}.{template.Ask.Format}");
            await _patience.ExecuteAsync(async token =>
            {
                if (template.Schedule.Folder is { } folder)
                    await SendReport.FileAsync(settings, tenant, folder, file, name, token);
                if (template.Schedule.Emails is { Count: > 0 } emails)
                    await SendReport.MailAsync(settings, emails, $"{template.Name} ({tenant})", SendReport.MessageId(id, begun.Due), file, name, csv ? "text/csv; charset=utf-8" : WriteXlsx.ContentType, token);
            }, cancel);
            string[] to = [.. template.Schedule.Emails ?? [], .. template.Schedule.Folder is { } place ? new[] { $"{tenant}/{place}/{name}" } : []];
            return new TemplateEvent.Delivered(begun.Due, to, bytes, hash, module.Clock.GetUtcNow());
        }
        catch (Exception e) when (!cancel.IsCancellationRequested)
        {
            _log.LogWarning(e, "Report {Template} of {Tenant} could not be delivered, attempt {Attempt}", id, tenant, begun.Attempt);
            return Failed(e.Message.Length > 300 ? e.Message[..300] : e.Message, final: begun.Attempt >= OweDelivery.MostAttempts);
        }

        TemplateEvent Failed(string reason, bool final) => new TemplateEvent.DeliveryFailed(begun.Due, reason, final, module.Clock.GetUtcNow());
    }

    // As the API would answer the one who made the schedule, now.
    private async Task<bool> AllowsAsync(string tenant, string? provider, Right right, CancellationToken cancel) =>
        provider is null || NarrowCaller.Decide(
            new Caller("", [], provider.Length == 0 ? null : provider, [tenant]), Purposes.Of(right), await ReadAccess.OfAsync(module, [tenant], cancel)).Sees(tenant);

    private async Task<List<(string Tenant, string Id)>> ScheduledAsync(CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        await session.BeginAsync(cancel);
        await using var command = new NpgsqlCommand("select tenant_id, key from report_templates where schedule is not null and schedule <> 'null' order by 1, 2", session.Connection, session.Transaction);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var all = new List<(string, string)>();
        while (await rows.ReadAsync(cancel))
            all.Add((rows.GetString(0), rows.GetString(1)));
        return all;
    }
}

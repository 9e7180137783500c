// stream alert/{device}/{condition} -> Alerts (inline) -> GET /api/v1/alerts, GET /api/v1/alerts/{id}
using System.ComponentModel;
using System.Globalization;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Fleet.Alerting.Alerts.AlertEvent;

namespace Fleet.Alerting.Alerts;

/// <summary>One episode of a condition; its key is the alert's id.</summary>
/// <param name="State"><c>raised</c>, <c>acknowledged</c> or <c>resolved</c>.</param>
public sealed record AlertRow(
    string Device, string Condition, string Severity, string Summary, string State, DateTimeOffset RaisedAt,
    DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, string? AcknowledgeNote,
    DateTimeOffset? ResolvedAt, string? ResolvedBy, string? ResolveNote, IReadOnlyList<AlertEvidence> Evidence);

public static class Alerts
{
    public const string Raised = "raised", Acknowledged = "acknowledged", Resolved = "resolved";

    /// <summary>Inline: who has just been told of an alert by the stream finds it here.</summary>
    public static readonly View<AlertRow> View = new("alerts", 2, Keys, Evolve)
    {
        Lifecycle = ViewLifecycle.Inline,
        Indexes = ["raised_at, key", "state, raised_at, key", "device"],
    };

    private static IEnumerable<string> Keys(IEvent e) => e.Data switch
    {
        Raised raised => [raised.AlertId],
        Worsened worse => [worse.AlertId],
        Corroborated also => [also.AlertId],
        Acknowledged acknowledged => [acknowledged.AlertId],
        Resolved resolved => [resolved.AlertId],
        _ => [],
    };

    public static AlertRow? Evolve(AlertRow? row, IEvent e, string key) => (row, e.Data) switch
    {
        (_, Raised r) => new(r.Device, r.Condition, r.Severity, r.Summary, Raised, r.At, null, null, null, null, null, null, [Shown(r.Condition, r.Source, r.Summary, r.At)]),
        (not null, Worsened w) => row with { Severity = w.Severity, Summary = w.Summary, State = Raised, Evidence = With(row, Shown(w.Condition, w.Source, w.Summary, w.At)) },
        (not null, Corroborated c) => row with { Evidence = With(row, Shown(c.Condition, c.Source, c.Summary, c.At)) },
        (not null, Acknowledged a) => row with { State = Acknowledged, AcknowledgedAt = a.At, AcknowledgedBy = a.By, AcknowledgeNote = a.Note },
        (not null, Resolved r) => row with { State = Resolved, ResolvedAt = r.At, ResolvedBy = r.By, ResolveNote = r.Note },
        _ => row,
    };

    // One line a source, its latest word; a long episode with ever new rows keeps the first and the newest.
    private static IReadOnlyList<AlertEvidence> With(AlertRow row, AlertEvidence shown)
    {
        const int most = 20;
        AlertEvidence[] all = [.. row.Evidence.Where(known => known.Source != shown.Source), shown];
        return all.Length > most ? [all[0], .. all[^(most - 1)..]] : all;
    }

    private static AlertEvidence Shown(string condition, string? source, string summary, DateTimeOffset at) => new(
        source ?? condition.Split('-')[0] switch { "error" => "status", "alert" => "row", var watcher => watcher }, summary, at);
}

/// <summary>One of the device's words that show a condition.</summary>
/// <param name="Source"><c>supply</c>, <c>status</c> (hrPrinterDetectedErrorState), <c>row</c> or <c>row-{index}</c> (prtAlertTable).</param>
public sealed record AlertEvidence(string Source, string Summary, DateTimeOffset At);

/// <summary>An alert as the API shows it. Times are UTC; <c>…By</c> is a token's subject.</summary>
/// <param name="Id">Stable for the condition's whole life, from raised to resolved.</param>
/// <param name="DeviceId">Or, of what concerns an agent, <c>agent/{site}/{agent}</c>.</param>
/// <param name="Condition"><c>supply-{slot}</c>, <c>error-{name}</c>, <c>alert-{index}-{code}</c> (a row of prtAlertTable that no error's name stands for); of an agent <c>forged-batch</c>, <c>silent</c>.</param>
/// <param name="Severity"><c>warning</c> or <c>critical</c>.</param>
/// <param name="State"><c>raised</c>, <c>acknowledged</c> or <c>resolved</c>.</param>
/// <param name="ResolvedBy">Null on a resolved alert when the device itself showed that it is over.</param>
/// <param name="Evidence">Which of the device's words showed it, the first one first; one jam in status and alert table is one alert with two.</param>
public sealed record AlertAnswer(
    string Id, string TenantId, string DeviceId, string Condition, string Severity, string Summary, string State, DateTimeOffset RaisedAt,
    DateTimeOffset? AcknowledgedAt, string? AcknowledgedBy, string? AcknowledgeNote,
    DateTimeOffset? ResolvedAt, string? ResolvedBy, string? ResolveNote, IReadOnlyList<AlertEvidence> Evidence)
{
    public static AlertAnswer Of(Keyed<AlertRow> found)
    {
        var row = found.Row;
        return new(found.Key, found.TenantId, row.Device, row.Condition, row.Severity, row.Summary, row.State, row.RaisedAt,
            row.AcknowledgedAt, row.AcknowledgedBy, row.AcknowledgeNote, row.ResolvedAt, row.ResolvedBy, row.ResolveNote, row.Evidence);
    }
}

public static class AlertsRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/alerts", async (
            string? tenant,
            [Description("`raised`, `acknowledged`, `resolved`, or `open` for the first two; left out: all.")] string? state,
            [Description("Only this device's.")] string? device,
            string? cursor, int? limit, Caller caller, CancellationToken cancel) =>
        {
            if (tenant is not null && !caller.Sees(tenant))
                return caller.Unseen(tenant).ToResult();
            if (!AlertQuery.TryRead(state, device, cursor, out var query, out var refusal))
                return refusal.ToResult();
            var rows = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession(caller.Among(tenant));
            var found = await session.QueryKeyedAsync<AlertRow>(query.Sql(rows + 1), query.Parameters, cancel);
            return Results.Ok(Page<AlertAnswer>.Of([.. found.Select(AlertAnswer.Of)], rows, AlertQuery.Position));
        }).Requires(Right.ReadAlerts).Produces<Page<AlertAnswer>>()
        .WithName("ListAlerts").WithSummary("Alerts, the newest first").ProducesProblem(StatusCodes.Status404NotFound);

        app.MapGet("/api/v1/alerts/{id}", async (string id, Caller caller, CancellationToken cancel) =>
            await FindAsync(module, caller, id, cancel) is { } found ? Results.Ok(AlertAnswer.Of(found)) : Unknown(id).ToResult())
            .Requires(Right.ReadAlerts).Produces<AlertAnswer>().WithName("GetAlert").WithSummary("One alert");
    }

    /// <summary>Null for an alert that does not exist and for another tenant's alike.</summary>
    public static async Task<Keyed<AlertRow>?> FindAsync(ModuleContext module, Caller caller, string id, CancellationToken cancel)
    {
        await using var session = module.Store.QuerySession(caller.Tenants);
        return (await session.QueryKeyedAsync<AlertRow>("where v.key = @id", new { id }, cancel)).SingleOrDefault();
    }

    public static Refusal Unknown(string id) => Refusal.Unknown("unknown-alert", $"There is no alert '{id}' that this token may see.");
}

/// <summary>Newest first; the position within the list is the time raised and, within one moment, the id.</summary>
internal sealed record AlertQuery(string Where, Dictionary<string, object> Parameters)
{
    public string Sql(int limit) => $"{Where} order by v.raised_at desc, v.key desc limit {limit.ToString(CultureInfo.InvariantCulture)}";

    public static string Position(AlertAnswer last) => $"{last.RaisedAt.UtcTicks.ToString(CultureInfo.InvariantCulture)} {last.Id}";

    public static bool TryRead(string? state, string? device, string? cursor, out AlertQuery query, out Refusal refusal)
    {
        var (conditions, parameters) = (new List<string>(), new Dictionary<string, object>());
        (query, refusal) = (new("", parameters), Cursor.Invalid);
        if (state is "open")
            conditions.Add($"v.state <> '{Alerts.Resolved}'");
        else if (state is Alerts.Raised or Alerts.Acknowledged or Alerts.Resolved)
            (conditions, parameters["state"]) = ([.. conditions, "v.state = @state"], state);
        else if (state is not null)
        {
            refusal = Refusal.Invalid("alert-state", $"'{state}' is no state; take raised, acknowledged, resolved, or open for the first two.");
            return false;
        }
        if (device is not null)
            (conditions, parameters["device"]) = ([.. conditions, "v.device = @device"], device);
        if (!Cursor.TryRead(cursor, out var last))
            return false;
        if (last is not null)
        {
            if (last.Split(' ') is not [var ticks, var key] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at > DateTime.MaxValue.Ticks)
                return false;
            conditions.Add("(v.raised_at, v.key) < (@at, @key)");
            (parameters["at"], parameters["key"]) = (new DateTimeOffset(at, TimeSpan.Zero), key);
        }
        query = new(conditions.Count == 0 ? "" : $"where {string.Join(" and ", conditions)}", parameters);
        return true;
    }
}

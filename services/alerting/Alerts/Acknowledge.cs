// POST /api/v1/alerts/{id}/acknowledge -> Decide -> stream alert/{device}/{condition} -> Alerts
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Fleet.Alerting.Alerts.AlertEvent;

namespace Fleet.Alerting.Alerts;

/// <summary>What a person says to an alert; the body of acknowledge and resolve, which may also be left away.</summary>
/// <param name="Note">At most 500 characters.</param>
public sealed record Remark(string? Note = null)
{
    private const int LongestNote = 500;

    [JsonIgnore]
    public Refusal? Refusal => Note is { Length: > LongestNote }
        ? Refusal.Invalid("note-too-long", $"The note has {Note.Length} characters; at most {LongestNote} are kept.")
        : null;
}

public static class Acknowledge
{
    /// <param name="id">The episode that was looked at; a later one is another alert.</param>
    /// <param name="by">The token's subject.</param>
    public static Decision<AlertEvent> Decide(string id, string by, string? note, DateTimeOffset now, Condition of, Alert alert) => alert switch
    {
        { Id: var latest, Status: var status } when latest != id || status == AlertStatus.Quiet =>
            Refusal.Conflict("alert-resolved", $"Alert '{id}' is resolved; there is nothing left to acknowledge."),
        { Status: AlertStatus.Acknowledged } => Decision<AlertEvent>.Nothing,
        _ => new Acknowledged(id, of.Device, of.Name, by, note, now),
    };
}

public static class AcknowledgeRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/alerts/{id}/acknowledge", (string id, Remark? remark, Caller caller, CancellationToken cancel) =>
            ActOnAlert.RunAsync(module, caller, id, remark, Acknowledge.Decide, cancel))
            .Requires(Right.ActOnAlerts).Idempotent(module).Produces<AlertAnswer>()
            .WithName("AcknowledgeAlert").WithSummary("Somebody takes the alert on");
}

// POST /api/v1/alerts/{id}/resolve -> Decide -> stream alert/{device}/{condition} -> Alerts
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static Fleet.Alerting.Alerts.AlertEvent;

namespace Fleet.Alerting.Alerts;

public static class Resolve
{
    /// <inheritdoc cref="Acknowledge.Decide"/>
    public static Decision<AlertEvent> Decide(string id, string by, string? note, DateTimeOffset now, Condition of, Alert alert) =>
        alert.Id != id || alert.Status == AlertStatus.Quiet
            ? Decision<AlertEvent>.Nothing      // it is over already, whoever said so first
            : new Resolved(id, of.Device, of.Name, by, note, now);
}

public static class ResolveRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/alerts/{id}/resolve", (string id, Remark? remark, Caller caller, CancellationToken cancel) =>
            ActOnAlert.RunAsync(module, caller, id, remark, Resolve.Decide, cancel))
            .Requires(Right.ActOnAlerts).Idempotent(module).Produces<AlertAnswer>()
            .WithName("ResolveAlert").WithSummary("The condition is over, by somebody's word");
}

using Fleet.Defaults;
using Microsoft.AspNetCore.Http;

namespace Fleet.Alerting.Alerts;

/// <summary>Find the alert among the caller's, decide, append, answer with the alert as it is then: what acknowledge and resolve share.</summary>
internal static class ActOnAlert
{
    public delegate Decision<AlertEvent> Decide(string id, string by, string? note, DateTimeOffset now, Condition of, Alert alert);

    public static async Task<IResult> RunAsync(ModuleContext module, Caller caller, string id, Remark? remark, Decide decide, CancellationToken cancel)
    {
        if (remark?.Refusal is { } tooLong)
            return tooLong.ToResult();
        if (await AlertsRoutes.FindAsync(module, caller, id, cancel) is not { } found)
            return AlertsRoutes.Unknown(id).ToResult();

        var condition = new Condition(found.TenantId, found.Row.Device, found.Row.Condition);
        var outcome = await module.DecideAsync<Alert, AlertEvent>(condition.Tenant, condition.Stream,
            alert => decide(id, caller.Id, remark?.Note, module.Clock.GetUtcNow(), condition, alert), cancel);
        return outcome.Refusal is { } refusal
            ? refusal.ToResult()
            : Results.Ok(AlertAnswer.Of((await AlertsRoutes.FindAsync(module, caller, id, cancel))!));
    }
}

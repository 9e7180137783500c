// POST /api/v1/tenants/{tenant}/enrolments/deny -> Decide -> stream enrolment/{hash} -> access_denied at the token endpoint
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Enrolments;

/// <summary>An agent not to let in.</summary>
/// <param name="UserCode">As the agent shows it.</param>
public sealed record Denial(string UserCode);

public static class DenyEnrolment
{
    public static Decision<EnrolmentEvent> Decide(string tenant, string by, Enrolment enrolment, DateTimeOffset now) => enrolment switch
    {
        { Key: null } => UserCodes.Unknown,
        _ when now >= enrolment.Until => UserCodes.Unknown,
        { IsDenied: true } => Decision<EnrolmentEvent>.Nothing,
        { Place: null } => new EnrolmentEvent.Denied(tenant, by, now),
        _ => ApproveEnrolment.Decided,
    };
}

public static class DenyEnrolmentRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module, UserCodes codes) =>
        app.MapPost("/api/v1/tenants/{tenant}/enrolments/deny", async (string tenant, Denial wanted, Caller caller, HttpContext http, CancellationToken cancel) =>
        {
            if (!await codes.MayDecideForAsync(tenant, caller, cancel))
                return Problems.UnknownTenant(tenant).ToResult();
            var (row, refusal) = await codes.FindAsync(wanted.UserCode, caller, http, cancel);
            if (row is null)
                return refusal!.ToResult();
            return (await DenyAsync(module, row, tenant, caller.Id, cancel))?.ToResult() ?? Results.NoContent();
        })
        .Requires(Right.EnrolAgents).Idempotent(module)
        .WithName("DenyEnrolment").WithSummary("Turns away the agent that shows this code")
        .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal static async Task<Refusal?> DenyAsync(ModuleContext module, AskedEnrolmentRow row, string tenant, string by, CancellationToken cancel) => (await module.DecideAsync<Enrolment, EnrolmentEvent>(
        StoreTenants.Platform, row.Enrolment, enrolment => DenyEnrolment.Decide(tenant, by, enrolment, module.Clock.GetUtcNow()), cancel)).Refusal;
}

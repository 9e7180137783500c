// GET /api/v1/tenants/{tenant}/enrolments/asked/{userCode} -> asked_enrolments: whose key one is about to let in
using System.ComponentModel;
using Fleet.Defaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Enrolments;

/// <summary>An agent that waits to be let in.</summary>
/// <param name="KeyId">RFC 7638 thumbprint of its key: to be compared with the fingerprint the agent shows.</param>
/// <param name="Until">After that the code is void.</param>
public sealed record WaitingAgent(string UserCode, string KeyId, DateTimeOffset AskedAt, DateTimeOffset Until);

public static class LookAtEnrolment
{
    public static void Map(IEndpointRouteBuilder app, UserCodes codes) =>
        app.MapGet("/api/v1/tenants/{tenant}/enrolments/asked/{userCode}", async (string tenant, [Description("As the agent shows it: `BCDF-GHJK`, in any case, with or without the hyphen.")] string userCode, Caller caller, HttpContext http, CancellationToken cancel) =>
        {
            if (!await codes.MayDecideForAsync(tenant, caller, cancel))
                return Problems.UnknownTenant(tenant).ToResult();
            var (row, refusal) = await codes.FindAsync(userCode, caller, http, cancel);
            return refusal?.ToResult() ?? Results.Ok(new WaitingAgent(UserCode.Shown(UserCode.Read(userCode)!), row!.KeyId, row.At, row.Until));
        })
        .Requires(Right.EnrolAgents)
        .WithName("LookAtEnrolment").WithSummary("The agent that waits under a code, before one lets it in")
        .Produces<WaitingAgent>().ProducesProblem(StatusCodes.Status429TooManyRequests);
}

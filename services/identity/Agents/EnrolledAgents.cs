// agent_enrolled, agent_connected, agent_renewed, agent_revoked -> rows enrolled_agents -> GET /api/v1/tenants/{tenant}/enrolments
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Proofs;
using Fleet.Identity.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Agents;

/// <summary>An agent that was enrolled.</summary>
/// <param name="KeyId">RFC 7638 thumbprint of its key.</param>
/// <param name="Since">When it was let in, the last time.</param>
/// <param name="By">Who let it in.</param>
/// <param name="LastTokenAt">When it was last given tokens; null: it never came for them. Ninety days later it would have to be enrolled again.</param>
/// <param name="RevokedAt">Since when it gets none; null while it does.</param>
/// <param name="RevokedFor"><c>by-hand</c>, <c>signed-out</c> or <c>token-reuse</c>.</param>
public sealed record EnrolledAgentRow(
    string AgentId, string Site, string KeyId, DateTimeOffset Since, string By, DateTimeOffset? LastTokenAt, DateTimeOffset? RevokedAt, string? RevokedFor);

public static class EnrolledAgents
{
    // Inline: the next approval chooses an id none of these has.
    public static readonly View<EnrolledAgentRow> View = new("enrolled_agents", 1, Keys, Evolve) { Lifecycle = ViewLifecycle.Inline };

    private static IEnumerable<string> Keys(IEvent e) => e.Data is AgentEvent ? [Agent.IdOf(e.StreamKey)] : [];

    private static EnrolledAgentRow? Evolve(EnrolledAgentRow? row, IEvent e, string key) => e.Data switch
    {
        AgentEvent.Enrolled enrolled => new(key, enrolled.Site, new ProofKey(enrolled.X, enrolled.Y).Id, enrolled.At, enrolled.By, null, null, null),
        AgentEvent.Connected connected => row! with { LastTokenAt = connected.At },
        AgentEvent.Renewed renewed => row! with { LastTokenAt = renewed.At },
        AgentEvent.Revoked revoked => row! with { RevokedAt = revoked.At, RevokedFor = revoked.Reason },
        _ => row,
    };
}

public static class EnrolledAgentsRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{tenant}/enrolments", async (string tenant, Caller caller, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!(await Customers.VisibleToAsync(module, caller, cancel)).Contains(tenant))
                return Problems.UnknownTenant(tenant).ToResult();
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var most = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession([tenant]);
            var rows = await session.QueryAsync<EnrolledAgentRow>(
                "where key > @after order by key limit @most", new { after = last ?? "", most = most + 1 }, cancel);
            return Results.Ok(Page<EnrolledAgentRow>.Of(rows, most, row => row.AgentId));
        })
        .Requires(Right.EnrolAgents).WithName("ListEnrolments").WithSummary("A tenant's enrolled agents, the revoked ones too").Produces<Page<EnrolledAgentRow>>();
}

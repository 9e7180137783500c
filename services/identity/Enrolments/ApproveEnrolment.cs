// POST /api/v1/tenants/{tenant}/enrolments -> Decide -> streams enrolment/{hash} and agent/{id}, one transaction -> AgentEnrolled, GET …/enrolments
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Identity.Agents;
using Fleet.Identity.Clients;
using Fleet.Identity.Tenants;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Identity.Enrolments;

/// <summary>An agent to let in.</summary>
/// <param name="UserCode">As the agent shows it: <c>BCDF-GHJK</c>.</param>
/// <param name="Site">Of this tenant.</param>
/// <param name="AgentId">A slug; <c>{tenant}-{site}</c> when left out, with <c>-2</c>, <c>-3</c>, … when that is taken.</param>
/// <param name="KeyId">The fingerprint the agent shows. When given, an agent with another key is not let in.</param>
public sealed record Approval(string UserCode, string Site, string? AgentId = null, string? KeyId = null);

/// <summary>Who was let in.</summary>
/// <param name="KeyId">RFC 7638 thumbprint of its key: what the agent shows as its fingerprint.</param>
public sealed record ApprovedAgent(string AgentId, string Site, string KeyId);

public static class ApproveEnrolment
{
    public static readonly Refusal Decided = Refusal.Conflict("code-used", "The code was approved or denied before; the agent has to ask for a new one.");

    /// <param name="agent">The one of the chosen id.</param>
    public static (EnrolmentEvent.Approved? Approved, AgentEvent.Enrolled? Enrolled, Refusal? Refusal) Decide(
        Approval wanted, string tenant, string agentId, string by, Enrolment enrolment, Agent agent, DateTimeOffset now)
    {
        if (enrolment is not { Key: { } key } || now >= enrolment.Until)
            return (null, null, UserCodes.Unknown);
        if (enrolment is not { Place: null, IsDenied: false, IsRedeemed: false })
            return (null, null, Decided);
        if (wanted.KeyId is { } expected && expected != key.Id)
            return (null, null, Refusal.Conflict("other-key", $"The agent that waits under this code has the key {key.Id}, not {expected}: it is another agent than the one you look at. Deny it."));
        if (agent.Key is { } before && before != key)
            return (null, null, Refusal.Conflict("busy", "Somebody else took this agent id at the same moment; try again."));
        return (new(tenant, wanted.Site, agentId, by, now), new(wanted.Site, key.X, key.Y, by, now), null);
    }
}

public static class ApproveEnrolmentRoute
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module, UserCodes codes) =>
        app.MapPost("/api/v1/tenants/{tenant}/enrolments", async (string tenant, Approval wanted, Caller caller, HttpContext http, CancellationToken cancel) =>
        {
            if (!await codes.MayDecideForAsync(tenant, caller, cancel))
                return Problems.UnknownTenant(tenant).ToResult();
            var (row, refusal) = await codes.FindAsync(wanted.UserCode, caller, http, cancel);
            if (row is null)
                return refusal!.ToResult();
            var (approved, no) = await ApproveAsync(module, row, wanted, tenant, caller.Id, cancel);
            return no?.ToResult() ?? Results.Created($"/api/v1/tenants/{tenant}/enrolments", approved);
        })
        .Requires(Right.EnrolAgents).Idempotent(module)
        .WithName("ApproveEnrolment").WithSummary("Lets the agent that shows this code in, at a site")
        .WithDescription("Wrong codes are counted: after five in a row the caller waits (429).")
        .Produces<ApprovedAgent>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status429TooManyRequests);

    internal static async Task<(ApprovedAgent? Approved, Refusal? Refusal)> ApproveAsync(
        ModuleContext module, AskedEnrolmentRow row, Approval wanted, string tenant, string by, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = module.Store.BatchSession();
            var place = (await session.FetchForWriting<Tenant>([(tenant, Tenant.Key(tenant))], cancel))[0].Aggregate;
            if (wanted.Site is null || !place.Sites.ContainsKey(wanted.Site))
                return (null, Refusal.Unknown("unknown-site", $"The tenant has no site '{wanted.Site}'; open it first."));
            var (agentId, taken) = await ChooseAsync(module, session, wanted, tenant, row.KeyId, cancel);
            if (agentId is null)
                return (null, taken);
            var enrolment = (await session.FetchForWriting<Enrolment>([(StoreTenants.Platform, row.Enrolment)], cancel))[0];
            var agent = (await session.FetchForWriting<Agent>([(tenant, Agent.StreamKey(agentId))], cancel))[0];
            var (approved, enrolled, refusal) = ApproveEnrolment.Decide(wanted, tenant, agentId, by, enrolment.Aggregate, agent.Aggregate, module.Clock.GetUtcNow());
            if (approved is null)
                return (null, refusal);
            enrolment.AppendMany([approved]);
            agent.AppendMany([enrolled!]);
            try
            {
                await session.SaveChangesAsync(cancel);
                return (new(agentId, wanted.Site, row.KeyId), null);
            }
            catch (ConcurrencyException) when (attempt < 3)
            {
                // Somebody decided on the same code, or took the same id: the second look says so.
            }
            catch (ConcurrencyException)
            {
                return (null, Refusal.Conflict("busy", "Others let agents in at the same moment; try again."));
            }
        }
    }

    private static async Task<(string? AgentId, Refusal? Refusal)> ChooseAsync(ModuleContext module, BatchSession session, Approval wanted, string tenant, string keyId, CancellationToken cancel)
    {
        await using var query = module.Store.QuerySession([tenant]);
        var agents = (await query.QueryAsync<EnrolledAgentRow>("", null, cancel)).Select(agent => new KnownAgent(agent.AgentId, agent.Site, agent.KeyId)).ToList();
        var withSecret = new HashSet<string>();
        while (true)
        {
            var (agentId, refusal) = ChooseAgentId.Decide(wanted.AgentId, tenant, wanted.Site, keyId, agents, withSecret);
            if (agentId is null || agents.Exists(agent => agent.AgentId == agentId) || !await IsClientAsync(session, agentId, tenant, cancel))
                return (agentId, refusal);
            withSecret.Add(agentId);
        }
    }

    // An agent that logs in with a secret: by habit its client id is the agent's id.
    private static async Task<bool> IsClientAsync(BatchSession session, string agentId, string tenant, CancellationToken cancel)
    {
        var client = (await session.FetchForWriting<Client>([(StoreTenants.Platform, Client.Key(agentId))], cancel))[0].Aggregate;
        return client.Standing is { Role: ClientRoles.Agent } standing && standing.Tenant == tenant && standing.Agent == agentId;
    }
}

using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Agents;

/// <summary>An agent at a site, as what came from it shows.</summary>
/// <param name="FirstBatchAt">When its first batch had come; null for one that was let in and has not spoken yet.</param>
/// <param name="MissingBatches">How many batches have not come although later ones have.</param>
/// <param name="RefusedEvents">Events no consent covered or whose values could not be, ever.</param>
/// <param name="ForgedBatches">Of the refused ones, those that named this agent and were not its word: without a signature of a key it was enrolled with.</param>
/// <param name="KeyId">RFC 7638 thumbprint of the key its batches are checked with; null: it was let in without one, or its key is revoked.</param>
/// <param name="SilentSince">When its last batch had come, once it is called silent; null while it is heard.</param>
/// <param name="SilentCause"><c>agent-down</c>: another agent of its site speaks; <c>site-dark</c>: none does.</param>
/// <param name="Health">What it said last of itself; null until it did.</param>
public sealed record AgentRow(
    string TenantId,
    string SiteId,
    string AgentId,
    DateTimeOffset? FirstBatchAt,
    DateTimeOffset? LastBatchAt,
    long HighestSequence,
    long MissingBatches,
    long AcceptedBatches,
    long RefusedBatches,
    long KeptEvents,
    long RefusedEvents,
    HealthAnswer? Health,
    long ForgedBatches = 0,
    string? KeyId = null,
    DateTimeOffset? SilentSince = null,
    string? SilentCause = null);

/// <summary>What an agent counts since it began: accepted = sent + kept + refused.</summary>
/// <param name="StandbyFor">The agent that reports from the site while this one waits to take over; null when this one does.</param>
[Schema("AgentHealth")]
public sealed record HealthAnswer(
    string Version, long UptimeSeconds, int Devices, long Accepted, long Sent, long Kept, long Refused, DateTimeOffset At, string? StandbyFor = null)
{
    public static HealthAnswer Of(AgentEvent.HealthReported e) => new(e.Version, e.UptimeSeconds, e.Devices, e.Accepted, e.Sent, e.Kept, e.Refused, e.At, e.StandbyFor);
}

/// <summary>One row per agent, key <c>{site}/{agent}</c>.</summary>
public static class Agents
{
    public static readonly View<AgentRow> View = new("agents", version: 3, e => e.Data is AgentEvent ? [e.StreamKey["agent/".Length..]] : [], Evolve);

    public static AgentRow? Evolve(AgentRow? before, IEvent e, string key)
    {
        var row = before ?? New(e, key);
        return e.Data switch
        {
            AgentEvent.BatchAccepted accepted => row with
            {
                FirstBatchAt = row.FirstBatchAt ?? accepted.At,
                LastBatchAt = accepted.At,
                HighestSequence = Math.Max(row.HighestSequence, accepted.Sequence),
                AcceptedBatches = row.AcceptedBatches + 1,
                KeptEvents = row.KeptEvents + accepted.Events - (accepted.Refused?.Values.Sum() ?? 0),
                RefusedEvents = row.RefusedEvents + (accepted.Refused?.Values.Sum() ?? 0),
            },
            AgentEvent.BatchRefused { Forged: true } => row with { RefusedBatches = row.RefusedBatches + 1, ForgedBatches = row.ForgedBatches + 1 },
            AgentEvent.FellSilent silent => row with { SilentSince = silent.LastHeardAt, SilentCause = silent.Cause },
            AgentEvent.SpokeAgain => row with { SilentSince = null, SilentCause = null },
            AgentEvent.KeyLearned learned => row with { KeyId = learned.KeyId },
            AgentEvent.KeyRevoked revoked when row.KeyId == revoked.KeyId => row with { KeyId = null },
            AgentEvent.BatchRefused refused => row with
            {
                FirstBatchAt = row.FirstBatchAt ?? refused.At,
                LastBatchAt = refused.At,
                HighestSequence = Math.Max(row.HighestSequence, refused.Sequence ?? 0),
                RefusedBatches = row.RefusedBatches + 1,
            },
            AgentEvent.GapOpened gap => row with { MissingBatches = row.MissingBatches + gap.To - gap.From + 1 },
            AgentEvent.GapFilled => row with { MissingBatches = row.MissingBatches - 1 },
            AgentEvent.SequenceRestarted => row with { HighestSequence = 0, MissingBatches = 0 },
            AgentEvent.HealthReported health => row.Health is { } known && known.At > health.At ? row : row with { Health = HealthAnswer.Of(health) },
            _ => row,
        };
    }

    private static AgentRow New(IEvent e, string key)
    {
        var names = key.Split('/', 2);
        return new AgentRow(e.TenantId, names[0], names[1], null, null, 0, 0, 0, 0, 0, 0, null);
    }
}

public static class AgentRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/agents", async (string? tenant, string? cursor, int? limit, Caller caller, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var size = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession(caller.Among(tenant));
            var rows = await session.QueryKeyedAsync<AgentRow>(
                "where @last::text is null or tenant_id || '/' || key > @last order by tenant_id || '/' || key limit @size",
                new { last, size = size + 1 }, cancel);
            var page = Page<Keyed<AgentRow>>.Of(rows, size, r => $"{r.TenantId}/{r.Key}");
            return Results.Ok(new Page<AgentRow>([.. page.Items.Select(r => r.Row)], page.Next));
        }).Produces<Page<AgentRow>>().Requires(Right.ReadFleet).WithName("ListAgents").WithSummary("The agents at the tenants' sites and what came from them");
    }
}

using System.Globalization;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Agents;

/// <summary>What the gate did not keep, per agent, day (UTC) and reason; the content is nowhere.</summary>
/// <param name="Events">Events refused one by one.</param>
/// <param name="Batches">Batches refused whole.</param>
public sealed record RefusalCount(string TenantId, DateOnly Day, string SiteId, string AgentId, string Reason, long Events, long Batches);

public static class RefusalCounts
{
    public static readonly View<RefusalCount> View = new("refusal_counts", version: 1, Keys, Evolve);

    private static IEnumerable<string> Keys(IEvent e) => e.Data switch
    {
        AgentEvent.BatchAccepted { Refused: { } reasons, At: var at } => reasons.Keys.Select(reason => Key(e, at, reason)),
        AgentEvent.BatchRefused refused => [Key(e, refused.At, refused.Reason)],
        _ => [],
    };

    private static string Key(IEvent e, DateTimeOffset at, string reason) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyy-MM-dd}/{e.StreamKey["agent/".Length..]}/{reason}");

    public static RefusalCount? Evolve(RefusalCount? before, IEvent e, string key)
    {
        var names = key.Split('/');
        var row = before ?? new RefusalCount(e.TenantId, DateOnly.Parse(names[0], CultureInfo.InvariantCulture), names[1], names[2], names[3], 0, 0);
        return e.Data switch
        {
            AgentEvent.BatchAccepted accepted => row with { Events = row.Events + accepted.Refused![row.Reason] },
            AgentEvent.BatchRefused => row with { Batches = row.Batches + 1 },
            _ => row,
        };
    }
}

public static class RefusalRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/tenants/{t}/refusals", async (string t, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var size = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession(t);
            var rows = await session.QueryKeyedAsync<RefusalCount>(
                "where tenant_id = @t and (@last::text is null or key < @last) order by key desc limit @size", new { t, last, size = size + 1 }, cancel);
            var page = Page<Keyed<RefusalCount>>.Of(rows, size, r => r.Key);
            return Results.Ok(new Page<RefusalCount>([.. page.Items.Select(r => r.Row)], page.Next));
        }).Produces<Page<RefusalCount>>().Requires(Right.ReadFleet).WithName("ListRefusals").WithSummary("What the gate did not keep, counted per day, agent and reason, the newest first");
    }
}

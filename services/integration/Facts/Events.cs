// streams feed/{type} -> committed sequence -> GET /api/v1/events
using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Integration.Facts;

/// <summary>CloudEvents 1.0, JSON format, with the extensions <c>tenantid</c> and <c>position</c>.</summary>
/// <param name="Id">The fact's own: the same however often it is read, and over whichever door.</param>
/// <param name="Source">The service it comes from: <c>/fleet/telemetry</c>.</param>
/// <param name="Type">Decides the shape of <c>data</c>.</param>
/// <param name="Subject">What it is about: a device's, alert's or invoice's id; left out when it is about the tenant.</param>
/// <param name="Time">When it happened, not when we heard of it.</param>
/// <param name="Data">The public message of that type: <c>contracts/asyncapi</c> and <c>contracts/schemas</c>.</param>
/// <param name="Position">Opaque, stable for ever: hand the last one back as <c>after</c>.</param>
public sealed record CloudEvent(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("subject"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Subject,
    [property: JsonPropertyName("time")] DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    [property: JsonPropertyName("tenantid")] string TenantId,
    [property: JsonPropertyName("position")] string Position,
    [property: JsonPropertyName("data")] JsonElement Data)
{
    public static CloudEvent Of(IEvent<FactEvent.Recorded> e) => new(
        "1.0", e.Id.ToString(), e.Data.Source, e.Data.Type, e.Data.Subject, e.Data.Time, "application/json",
        e.TenantId, Facts.Position.Write(e.Sequence), e.Data.Data);
}

public static class EventsRoutes
{
    // With a rare type a request may look through much and find little: it ends here with a short page and goes on from there.
    private const int HighestScan = 10_000, ScanPage = 1_000;

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/events", async (
            [Description("The `position` of an event, or `next` of a page: goes on after it. Left out: from the start of all.")] string? after,
            [Description("Only events of this CloudEvents type.")] string? type,
            string? tenant, int? limit, Caller caller, CancellationToken cancel) =>
        {
            if (tenant is not null && !caller.Sees(tenant))
                return caller.Unseen(tenant).ToResult();
            if (!Position.TryRead(after, out var position))
                return Refusal.Invalid("position", Position.Refused).ToResult();
            return Results.Ok(await ReadAsync(module.Store, position, caller, caller.Among(tenant), type, Cursor.Limit(limit), cancel));
        }).Requires(Right.ReadEvents).Produces<Page<CloudEvent>>()
        .WithName("ListEvents").WithSummary("Everything that became public, in one order that stays for ever")
        .WithDescription("Go on with `after` = `next` until it is null, then keep the last event's `position` and ask again later. `contracts/asyncapi` lists the types and the shape of `data` of each.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    /// <summary>The next events after a position; <c>Next</c> is null when there are no more now (then the last item's position goes on).</summary>
    private static async Task<Page<CloudEvent>> ReadAsync(
        DocumentStore store, long after, Caller caller, IReadOnlyList<string> tenants, string? type, int limit, CancellationToken cancel)
    {
        var found = new List<CloudEvent>();
        for (var scanned = 0; scanned < HighestScan; scanned += ScanPage)
        {
            var read = type is null ? limit + 1 : ScanPage;
            var page = await store.ReadAllAsync(after, read, tenants, cancel);
            foreach (var e in page.OfType<IEvent<FactEvent.Recorded>>().Where(e => (type is null || e.Data.Type == type) && FactPurposes.Shows(caller, e)))
            {
                if (found.Count == limit)
                    return new(found, found[^1].Position);
                found.Add(CloudEvent.Of(e));
            }
            if (page.Count < read)
                return new(found, null);
            after = page[^1].Sequence;
        }
        return new(found, Position.Write(after));
    }
}

using System.ComponentModel;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Supplies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Devices;

/// <summary>A device as the API gives it. Null: not told, no consent to it, or not known yet.</summary>
/// <param name="Status">hrDeviceStatus name, or <c>unreachable</c>.</param>
/// <param name="PrinterStatus">hrPrinterStatus name.</param>
/// <param name="Errors">hrPrinterDetectedErrorState names.</param>
/// <param name="LastSeenAt">When it last answered its agent.</param>
/// <param name="Counters">Of the newest reading, observed at <paramref name="CountersAt"/>.</param>
public sealed record DeviceAnswer(
    string Id,
    string TenantId,
    string SiteId,
    string? Manufacturer,
    string? Model,
    string? Serial,
    string? Name,
    string? Location,
    string? Address,
    string? Mac,
    string? Firmware,
    string? SysObjectId,
    string? Profile,
    string? Status,
    string? PrinterStatus,
    IReadOnlyList<string> Errors,
    DateTimeOffset? StatusAt,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? LastSeenAt,
    IReadOnlyList<Counter> Counters,
    DateTimeOffset? CountersAt,
    IReadOnlyList<SupplySummary> Supplies)
{
    public static DeviceAnswer Of(DeviceRow row, IReadOnlyDictionary<string, DateTimeOffset> seen, ILookup<string, SupplySummary> supplies)
    {
        var card = row.Card;
        return new(
            row.Key, row.TenantId, card.SiteId, card.Manufacturer, card.Model, card.Serial, card.Name, card.Location, card.Address, card.Mac,
            card.Firmware, card.SysObjectId, card.Profile, row.Status, row.State?.Printer, row.State?.Errors ?? [], row.StatusAt, row.RegisteredAt,
            seen.TryGetValue(row.Key, out var at) ? at : null, row.Counters, row.CountersAt, [.. supplies[row.Key]]);
    }
}

public static class DeviceRoutes
{
    public static Refusal Unknown(string device) => Refusal.Unknown("unknown-device", $"This tenant has no device '{device}'.");

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/tenants/{t}/devices", async (
            string t,
            [Description("Only devices with this text in what they say of themselves.")] string? q,
            [Description("Only devices of this status: `running`, `warning`, `down`, `unreachable`, ….")] string? status,
            [Description("Only this site's.")] string? site,
            string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            var size = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession(t);
            var rows = await session.QueryAsync<DeviceRow>(
                """
                where tenant_id = @t and (@q::text is null or position(@q in search_text) > 0) and (@status::text is null or status = @status)
                    and (@site::text is null or site_id = @site) and (@last::text is null or key > @last)
                order by key limit @size
                """,
                new { t, q = q?.Trim().ToLowerInvariant(), status, site, last, size = size + 1 }, cancel);
            var page = Page<DeviceRow>.Of(rows, size, r => r.Key);
            var seen = await Presences.LastSeenAsync(session, t, page.Items.Select(r => r.Key), cancel);
            var supplies = await SupplySummaries.OfAsync(session, t, page.Items.Select(r => r.Key), module.Clock.GetUtcNow(), cancel);
            return Results.Ok(new Page<DeviceAnswer>([.. page.Items.Select(r => DeviceAnswer.Of(r, seen, supplies))], page.Next));
        }).Produces<Page<DeviceAnswer>>().Requires(Right.ReadFleet).WithName("ListDevices").WithSummary("A tenant's devices with their newest counters and supplies");

        app.MapGet("/api/v1/tenants/{t}/devices/{id}", async (string t, string id, CancellationToken cancel) =>
        {
            await using var session = module.Store.QuerySession(t);
            return await session.LoadAsync<DeviceRow>(t, id, cancel) is { } row
                ? Results.Ok(DeviceAnswer.Of(
                    row, await Presences.LastSeenAsync(session, t, [id], cancel), await SupplySummaries.OfAsync(session, t, [id], module.Clock.GetUtcNow(), cancel)))
                : Unknown(id).ToResult();
        }).Produces<DeviceAnswer>().Requires(Right.ReadFleet).WithName("GetDevice").WithSummary("One device with its newest counters and supplies");
    }
}

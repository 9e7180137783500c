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
/// <param name="MergedInto">It is the same device as this one, which has all that was observed since.</param>
/// <param name="RetiredAt">Null while it is in use.</param>
/// <param name="SilentSince">When it was last seen, once it is called silent; null while it is heard.</param>
/// <param name="SilentCause"><c>site-dark</c>, <c>unreachable</c> or <c>not-heard</c>.</param>
/// <param name="Conflicts">What nobody but a person can tell.</param>
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
    IReadOnlyList<SupplySummary> Supplies,
    string? MergedInto,
    DateTimeOffset? RetiredAt,
    DateTimeOffset? SilentSince,
    string? SilentCause,
    IReadOnlyList<DeviceConflict> Conflicts)
{
    public static DeviceAnswer Of(DeviceRow row, IReadOnlyDictionary<string, DateTimeOffset> seen, ILookup<string, SupplySummary> supplies)
    {
        var card = row.Card;
        return new(
            row.Key, row.TenantId, card.SiteId, card.Manufacturer, card.Model, card.Serial, card.Name, card.Location, card.Address, card.Mac,
            card.Firmware, card.SysObjectId, card.Profile, row.Status, row.State?.Printer, row.State?.Errors ?? [], row.StatusAt, row.RegisteredAt,
            seen.TryGetValue(row.Key, out var at) ? at : null, row.Counters, row.CountersAt, [.. supplies[row.Key]],
            row.MergedInto, row.RetiredAt, row.SilentSince, row.SilentCause, row.Conflicts);
    }
}

public static class DeviceRoutes
{
    public static Refusal Unknown(string device) => Refusal.Unknown("unknown-device", $"This tenant has no device '{device}'.");

    public const string AtWords = "As it was known at this time: what had been recorded by then, and nothing of what came later, however early it was observed.";

    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/tenants/{t}/devices", async (
            string t,
            [Description("Only devices with this text in what they say of themselves.")] string? q,
            [Description("Only devices of this status: `running`, `warning`, `down`, `unreachable`, ….")] string? status,
            [Description("Only this site's.")] string? site,
            [Description("`true`: only retired devices. Without it they are left out.")] bool? retired,
            [Description("Only devices that are called silent, or only those that are not.")] bool? silent,
            [Description("`id`, `name`, `model`, `status`, `site` or `lastSeen`; with `-` in front the other way round.")] string? sort,
            [Description(AtWords + " Sorted by id only.")] DateTimeOffset? at,
            string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (DeviceSort.Of(sort) is not { } order)
                return DeviceSort.Unknown(sort!).ToResult();
            if (!Cursor.TryRead(cursor, out var last) || !order.TryRead(last, out var after))
                return Cursor.Invalid.ToResult();
            var size = Cursor.Limit(limit);
            if (at is { } time)
                return sort is not (null or "id")
                    ? Refusal.Invalid("sort", "A past time is listed by id only.").ToResult()
                    : Results.Ok(await AsOfAsync(module, t, time, row => Fits(row, q?.Trim().ToLowerInvariant(), status, site, retired == true, silent), after?.Key, size, cancel));
            await using var session = module.Store.QuerySession(t);
            var rows = await session.QueryAsync<DeviceRow>(
                $"""
                {order.Join} where v.tenant_id = @t and v.merged_into is null and (v.retired_at is not null) = @retired and (@silent::boolean is null or (v.silent_since is not null) = @silent)
                    and (@q::text is null or position(@q in v.search_text) > 0) and (@status::text is null or v.status = @status)
                    and (@site::text is null or v.site_id = @site) and {order.After}
                {order.OrderBy} limit @size
                """,
                new { t, q = q?.Trim().ToLowerInvariant(), status, site, retired = retired == true, silent, value = after?.Value, last = after?.Key, size = size + 1 }, cancel);
            var seen = await Presences.LastSeenAsync(session, t, rows.Select(r => r.Key), cancel);
            var page = Page<DeviceRow>.Of(rows, size, r => order.Position(r, seen));
            var supplies = await SupplySummaries.OfAsync(session, t, page.Items.Select(r => r.Key), module.Clock.GetUtcNow(), cancel);
            return Results.Ok(new Page<DeviceAnswer>([.. page.Items.Select(r => DeviceAnswer.Of(r, seen, supplies))], page.Next));
        }).Produces<Page<DeviceAnswer>>().Requires(Right.ReadFleet).WithName("ListDevices").WithSummary("A tenant's devices with their newest counters and supplies");

        app.MapGet("/api/v1/tenants/{t}/devices/{id}", async (string t, string id, [Description(AtWords)] DateTimeOffset? at, CancellationToken cancel) =>
        {
            if (at is { } time)
                return await DevicesAsOf.FindAsync(module, t, id, time, cancel) is { } known ? Results.Ok(known.Answer(time)) : Unknown(id).ToResult();
            await using var session = module.Store.QuerySession(t);
            return await session.LoadAsync<DeviceRow>(t, id, cancel) is { } row
                ? Results.Ok(DeviceAnswer.Of(
                    row, await Presences.LastSeenAsync(session, t, [id], cancel), await SupplySummaries.OfAsync(session, t, [id], module.Clock.GetUtcNow(), cancel)))
                : Unknown(id).ToResult();
        }).Produces<DeviceAnswer>().Requires(Right.ReadFleet).WithName("GetDevice").WithSummary("One device with its newest counters and supplies");
    }

    private static async Task<Page<DeviceAnswer>> AsOfAsync(
        ModuleContext module, string t, DateTimeOffset at, Func<DeviceRow, bool> fits, string? after, int size, CancellationToken cancel)
    {
        var found = new List<DeviceAnswer>();
        await foreach (var device in DevicesAsOf.ReadAsync(module, t, at, after, cancel))
            if (fits(device.Row))
            {
                found.Add(device.Answer(at));
                if (found.Count > size)
                    break;
            }
        return Page<DeviceAnswer>.Of(found, size, device => $"{device.Id}\n{device.Id}");
    }

    // The list's conditions once more, for rows that are in no table.
    private static bool Fits(DeviceRow row, string? q, string? status, string? site, bool retired, bool? silent) =>
        row.MergedInto is null && row.RetiredAt is not null == retired && (silent is null || row.SilentSince is not null == silent)
        && (q is null || row.SearchText.Contains(q, StringComparison.Ordinal)) && (status is null || row.Status == status) && (site is null || row.SiteId == site);
}

// views devices, supplies -> GET /api/v1/tenants/{t}/summary, /api/v1/fleet/summary; with at= the streams as far as they were recorded then
using System.ComponentModel;
using System.Text.Json;
using Fleet.Defaults;
using Fleet.EventStore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Devices;

/// <summary>A tenant's fleet in numbers. Merged devices are counted as the one they are; retired ones stand apart.</summary>
/// <param name="Devices">In use.</param>
/// <param name="Silent">Of those in use, called silent.</param>
/// <param name="LowSupplies">Of those in use, with 10 % or less of something they consume.</param>
/// <param name="Conflicts">Of those in use, with something only a person can decide.</param>
/// <param name="ByStatus">hrDeviceStatus name, <c>unreachable</c>, or <c>unknown</c> → devices in use.</param>
/// <param name="ByModel">Model → devices in use; <c>unknown</c> of those that tell none.</param>
/// <param name="BySite">Site → devices in use.</param>
public sealed record FleetSummary(
    string TenantId, long Devices, long Retired, long Silent, long LowSupplies, long Conflicts,
    IReadOnlyDictionary<string, long> ByStatus, IReadOnlyDictionary<string, long> ByModel, IReadOnlyDictionary<string, long> BySite)
{
    public const decimal LowPercent = 10;

    public static FleetSummary Of(string tenant, IReadOnlyCollection<DeviceKind> kinds)
    {
        var used = kinds.Where(kind => !kind.Retired).ToList();
        return new(
            tenant, Count(used), Count(kinds) - Count(used), Count(used.Where(kind => kind.Silent)), Count(used.Where(kind => kind.Low)), Count(used.Where(kind => kind.Conflict)),
            By(kind => kind.Status ?? "unknown"), By(kind => kind.Model.Length > 0 ? kind.Model : "unknown"), By(kind => kind.Site));

        IReadOnlyDictionary<string, long> By(Func<DeviceKind, string> name) =>
            used.GroupBy(name).OrderBy(group => group.Key, StringComparer.Ordinal).ToDictionary(group => group.Key, Count);

        static long Count(IEnumerable<DeviceKind> some) => some.Sum(kind => kind.Count);
    }

    /// <summary>Several tenants' together; sites keep their tenant's name, because only with it they are one place.</summary>
    public static FleetTotals Total(IReadOnlyList<FleetSummary> tenants) => new(
        tenants.Sum(t => t.Devices), tenants.Sum(t => t.Retired), tenants.Sum(t => t.Silent), tenants.Sum(t => t.LowSupplies), tenants.Sum(t => t.Conflicts),
        Merged(tenants.SelectMany(t => t.ByStatus)), Merged(tenants.SelectMany(t => t.ByModel)), tenants);

    private static SortedDictionary<string, long> Merged(IEnumerable<KeyValuePair<string, long>> counts) =>
        new(counts.GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Sum(c => c.Value)), StringComparer.Ordinal);
}

/// <summary>Devices that are alike in all that is counted.</summary>
public sealed record DeviceKind(string Tenant, string Site, string? Status, string Model, bool Retired, bool Silent, bool Conflict, bool Low, long Count);

/// <summary>The fleets of all tenants a caller sees, in numbers. The members are those of a tenant's summary.</summary>
public sealed record FleetTotals(
    long Devices, long Retired, long Silent, long LowSupplies, long Conflicts,
    IReadOnlyDictionary<string, long> ByStatus, IReadOnlyDictionary<string, long> ByModel, IReadOnlyList<FleetSummary> Tenants);

public static class SummaryRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/tenants/{t}/summary", async (string t, [Description(DeviceRoutes.AtWords)] DateTimeOffset? at, CancellationToken cancel) =>
            Results.Ok(at is { } time ? await AsOfAsync(module, t, time, cancel) : (await NowAsync(module, [t], cancel))[0]))
            .Produces<FleetSummary>().Requires(Right.ReadFleet).WithName("GetFleetSummary").WithSummary("A tenant's fleet in numbers: by status, model and site; silent, retired, low on supplies");

        app.MapGet("/api/v1/fleet/summary", async (Caller caller, CancellationToken cancel) =>
            Results.Ok(FleetSummary.Total(await NowAsync(module, caller.Tenants, cancel))))
            .Produces<FleetTotals>().Requires(Right.ReadFleet).WithName("GetFleetTotals").WithSummary("The fleets of all tenants the caller sees, in numbers: together and each");
    }

    private static async Task<IReadOnlyList<FleetSummary>> NowAsync(ModuleContext module, IReadOnlyList<string> tenants, CancellationToken cancel)
    {
        await using var session = module.Store.QuerySession(tenants);
        // One row for each kind of device there is, not one for each device.
        var json = await session.ScalarAsync<string>(
            """
            select coalesce(jsonb_agg(to_jsonb(g)), '[]')::text from (
                select v.tenant_id as tenant, v.site_id as site, v.status, v.model, v.retired_at is not null as retired, v.silent_since is not null as silent,
                    v.conflicts <> '[]' as conflict, l.device_id is not null as low, count(*) as count
                from {devices} v
                left join (select distinct tenant_id, device_id from {supplies} where class = 'consumed' and percent <= @low and removed_at is null) l
                    on l.tenant_id = v.tenant_id and l.device_id = v.key
                where v.merged_into is null group by 1, 2, 3, 4, 5, 6, 7, 8) g
            """, new { low = FleetSummary.LowPercent }, cancel);
        var kinds = JsonSerializer.Deserialize<List<DeviceKind>>(json ?? "[]", JsonSerializerOptions.Web)!.ToLookup(kind => kind.Tenant);
        return [.. tenants.Order(StringComparer.Ordinal).Select(tenant => FleetSummary.Of(tenant, [.. kinds[tenant]]))];
    }

    private static async Task<FleetSummary> AsOfAsync(ModuleContext module, string tenant, DateTimeOffset at, CancellationToken cancel)
    {
        var kinds = new List<DeviceKind>();
        await foreach (var device in DevicesAsOf.ReadAsync(module, tenant, at, after: null, cancel))
            if (device.Row is { MergedInto: null } row)
                kinds.Add(new(tenant, row.SiteId, row.Status, row.Model, row.RetiredAt is not null, row.SilentSince is not null, row.Conflicts.Count > 0, device.IsLow, 1));
        return FleetSummary.Of(tenant, kinds);
    }
}

using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Supplies;

/// <summary>One supply of one device as last told. No percentage unless level and capacity are known: unknown is not a number.</summary>
/// <param name="ChangedAt">Since when it is so, by the agent's clock.</param>
public sealed record SupplyRow(
    string DeviceId,
    string Slot,
    string Description,
    string Type,
    string Class,
    string? Color,
    string Unit,
    string State,
    long? Level,
    long? Capacity,
    decimal? Percent,
    DateTimeOffset ChangedAt);

/// <summary>One row per device and slot, key <c>{device}/{slot}</c>.</summary>
public static class Supplies
{
    public static readonly View<SupplyRow> View = new(
        "supplies", version: 1,
        e => e.Data is DeviceEvent.SupplyLevelChanged changed ? [$"{Device.IdOf(e)}/{changed.Supply.Slot}"] : [],
        (row, e, _) => e.Data is DeviceEvent.SupplyLevelChanged { Supply: var s, At: var at }
            ? new SupplyRow(Device.IdOf(e), s.Slot, s.Description, s.Type, s.Class, s.Color, s.Unit, s.State, s.Level, s.Capacity, s.Percent, at)
            : row)
    {
        Indexes = ["device_id"],
    };
}

public static class SupplyRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{t}/devices/{id}/supplies", async (string t, string id, CancellationToken cancel) =>
        {
            await using var session = module.Store.QuerySession(t);
            if (await session.LoadAsync<DeviceRow>(t, id, cancel) is null)
                return DeviceRoutes.Unknown(id).ToResult();
            var rows = await session.QueryAsync<SupplyRow>("where tenant_id = @t and device_id = @id", new { t, id }, cancel);
            return Results.Ok(new Page<SupplyRow>([.. rows.OrderBy(r => r.Slot, SlotOrder.Instance)], null));
        }).Produces<Page<SupplyRow>>().Requires(Right.ReadFleet).WithName("ListSupplies").WithSummary("A device's supplies as last told, all on one page");
}

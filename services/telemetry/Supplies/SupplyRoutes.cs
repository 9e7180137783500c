using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Meters;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Supplies;

/// <summary>One supply of a device: what it says, what that is worth, and what may be expected of it.</summary>
/// <param name="Part">The manufacturer's part number, where the device tells it.</param>
/// <param name="Serial">Of the supply itself, where the device tells it.</param>
/// <param name="Gauge">
/// <c>exact</c>; <c>coarse</c>: it falls in steps, so that the supply holds something between <paramref name="PercentLow"/> and <paramref name="PercentHigh"/>; or why there is no percentage:
/// <c>some-remaining</c>, <c>unknown</c>, <c>other</c>, <c>no-scale</c>.
/// </param>
/// <param name="GaugeStep">Smallest fall it has shown, in percentage points; null before it fell.</param>
/// <param name="PercentPer1000Pages">Used of this supply for each thousand pages the device counted meanwhile; null while that is not known.</param>
/// <param name="LastReplacement">What was in the slot before; null when no change was seen.</param>
public sealed record SupplyAnswer(
    string DeviceId,
    string Slot,
    string Description,
    string Type,
    string Class,
    string? Color,
    string? Part,
    string? Serial,
    string Unit,
    string State,
    long? Level,
    long? Capacity,
    decimal? Percent,
    string Gauge,
    decimal? GaugeStep,
    decimal? PercentLow,
    decimal? PercentHigh,
    DateTimeOffset ChangedAt,
    DateTimeOffset? RemovedAt,
    DateTimeOffset? InstalledAt,
    int Replacements,
    ReplacedSupply? LastReplacement,
    decimal? PercentPer1000Pages,
    Forecast Forecast)
{
    public static SupplyAnswer Of(SupplyRow row, long? pages, DateTimeOffset now)
    {
        var (step, shown) = (row.Use?.Step, ReadGauge.Interval(row.State, row.Percent, row.Use?.Step));
        return new(
            row.DeviceId, row.Slot, row.Description, row.Type, row.Class, row.Color, row.Part, row.Serial, row.Unit, row.State, row.Level, row.Capacity, row.Percent,
            ReadGauge.Of(row.State, row.Percent, step), step, shown?.Low, shown?.High, row.ChangedAt, row.RemovedAt, row.InstalledAt, row.Replacements, row.Last,
            PagesOfDevice.Per1000(row, pages), ForecastOf(row, now));
    }

    public static Forecast ForecastOf(SupplyRow row, DateTimeOffset now) =>
        row.RemovedAt is not null ? Forecast.None("removed") : Forecast.Of(row.Use, row.State, row.Percent, now);
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
            var pages = await PagesOfDevice.WhileUsedAsync(session, t, id, rows, cancel);
            var now = module.Clock.GetUtcNow();
            return Results.Ok(new Page<SupplyAnswer>([.. rows.OrderBy(r => r.Slot, SlotOrder.Instance).Select(r => SupplyAnswer.Of(r, pages.GetValueOrDefault(r.Slot), now))], null));
        }).Produces<Page<SupplyAnswer>>().Requires(Right.ReadFleet).WithName("ListSupplies")
            .WithSummary("A device's supplies as last told, with when each will be empty, all on one page");
}

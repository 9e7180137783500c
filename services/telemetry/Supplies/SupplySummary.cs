using Fleet.EventStore;

namespace Fleet.Telemetry.Supplies;

/// <summary>One supply of a device, in short.</summary>
public sealed record SupplySummary(string Slot, string Description, string Type, string? Color, string State, decimal? Percent)
{
    /// <summary>As in the forecast of the supply; null when there is none.</summary>
    public double? DaysLeft { get; init; }

    /// <summary>The interval it lies in four times of five.</summary>
    public double? DaysLow { get; init; }

    public double? DaysHigh { get; init; }
}

public static class SupplySummaries
{
    /// <summary>Device → its supplies with how long each will last; those that left the device's table are not among them.</summary>
    public static async Task<ILookup<string, SupplySummary>> OfAsync(
        QuerySession session, string t, IEnumerable<string> devices, DateTimeOffset now, CancellationToken cancel)
    {
        var rows = await session.QueryAsync<SupplyRow>(
            "where tenant_id = @t and device_id = any (@devices) and removed_at is null", new { t, devices = devices.ToArray() }, cancel);
        return rows.OrderBy(row => row.Slot, SlotOrder.Instance).ToLookup(row => row.DeviceId, row => Of(row, SupplyAnswer.ForecastOf(row, now)));
    }

    public static SupplySummary Of(SupplyRow row, Forecast forecast) =>
        new(row.Slot, row.Description, row.Type, row.Color, row.State, row.Percent) { DaysLeft = forecast.DaysLeft, DaysLow = forecast.DaysLow, DaysHigh = forecast.DaysHigh };
}

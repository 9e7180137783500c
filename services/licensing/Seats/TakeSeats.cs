// telemetry.ReadingsAccepted, telemetry.DeviceDescribed -> Decide -> stream seats/{tenant}/{month} -> SeatMonths -> GET /licences
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;

namespace Fleet.Licensing.Seats;

/// <summary>A device was heard of.</summary>
public sealed record Report(string DeviceId, DateTimeOffset At);

public static class TakeSeats
{
    /// <summary>A seat for each device that has none yet in the month. Never refused: too many seats are a matter for people.</summary>
    /// <param name="reports">Of this month.</param>
    public static IReadOnlyList<SeatEvent> Decide(string month, IEnumerable<Report> reports, SeatMonth seats) =>
        [.. reports.OrderBy(r => r.At).DistinctBy(r => r.DeviceId).Where(r => !seats.Devices.Contains(r.DeviceId))
            .Select((report, i) => new SeatEvent.SeatTaken(report.DeviceId, month, seats.Devices.Count + i + 1, report.At))];
}

public static class TakeSeatsConsumers
{
    public static readonly Consumer Readings = Consumer.On<ReadingsAccepted>("take-seats-of-readings", (accepted, delivery) =>
        TakeAsync(accepted.TenantId, accepted.Readings.Select(r => new Report(r.DeviceId, r.ObservedAt)), delivery), atOnce: 1);

    public static readonly Consumer Devices = Consumer.On<DeviceDescribed>("take-seats-of-devices", (device, delivery) =>
        TakeAsync(device.TenantId, [new(device.DeviceId, device.At)], delivery), atOnce: 1);

    private static async Task TakeAsync(string tenant, IEnumerable<Report> reports, Delivery delivery)
    {
        var months = reports.GroupBy(r => Month.Of(r.At)).ToList();
        await using var batch = delivery.Module.Store.BatchSession();
        var streams = await batch.FetchForWriting<SeatMonth>([.. months.Select(m => (tenant, SeatMonth.Key(tenant, m.Key)))], delivery.Cancel);
        foreach (var (month, stream) in months.Zip(streams))
            stream.AppendMany(TakeSeats.Decide(month.Key, month, stream.Aggregate));
        await batch.SaveChangesAsync(delivery.Cancel);
    }
}

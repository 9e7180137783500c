using System.Globalization;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

// stream device/{id} -> telemetry.ReadingsAccepted, one tenant a message
public static class AnnounceReadings
{
    private const int Most = 500;

    public static readonly Announcement Announcement = Announcement.Batched<DeviceEvent.MeterRead, ReadingsAccepted>(
        Most, (tenant, readings) => new ReadingsAccepted(tenant, [.. readings.Select(Accepted)]));

    private static AcceptedReading Accepted(IEvent<DeviceEvent.MeterRead> e)
    {
        var counters = e.Data.Counters.Select(c => new CounterValue(c.Name, c.Value, c.Unit, c.Oid, c.Epoch ?? 1, QualityOf(e.Data, c.Name))).ToList();
        return new(
            e.Id,
            Device.IdOf(e),
            e.Data.SiteId,
            e.Data.ObservedAt,
            e.Data.ReceivedAt,
            string.Create(CultureInfo.InvariantCulture, $"{e.Data.Profile}/{e.Data.ProfileVersion}"),
            counters,
            Quality.Worst(counters.Select(c => c.Quality)));
    }

    private static string QualityOf(DeviceEvent.MeterRead read, string counter) => Quality.Worst(
    [
        read.Late ? Quality.Late : Quality.Good,
        .. (read.Marks ?? []).Where(mark => mark.Counter is null || mark.Counter == counter).Select(mark => mark.Quality),
    ]);
}

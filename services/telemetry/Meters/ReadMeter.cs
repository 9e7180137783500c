using System.Globalization;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

// edge meter-read -> Decide -> stream device/{id} -> Readings, Devices -> GET …/devices/{id}/readings; telemetry.ReadingsAccepted
public static class ReadMeter
{
    /// <summary>Every reading is kept, also a late one: what it means for a bill is billing's to decide.</summary>
    public static IReadOnlyList<DeviceEvent> Decide(string site, MeterRead read, DateTimeOffset at, DateTimeOffset now, Device device) =>
    [
        new DeviceEvent.MeterRead(
            site,
            read.Profile.Name,
            read.Profile.Version,
            [.. read.Counters.Select(c => new Counter(c.Name, c.Value, c.Unit, c.Oid))],
            at,
            now,
            Late: at < device.ReadAt),
    ];

    public static string NameOf(ProfileRef profile) => string.Create(CultureInfo.InvariantCulture, $"{profile.Name}/{profile.Version}");
}

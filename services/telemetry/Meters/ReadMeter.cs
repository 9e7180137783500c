using System.Globalization;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

// edge meter-read -> Decide -> stream device/{id} -> Readings, CounterEpochs, DailyMeters, Devices -> GET …/devices/{id}/readings; telemetry.ReadingsAccepted
public static class ReadMeter
{
    /// <summary>Every reading is kept, also a late one, with what can be said of its quality; one that breaks a counter's growth has the epochs it starts in front of it.</summary>
    /// <param name="id">The edge event's.</param>
    /// <param name="agent"><c>{site}/{agent}</c>.</param>
    /// <param name="history">All earlier readings; needed when <see cref="IsLate"/>.</param>
    public static IReadOnlyList<DeviceEvent> Decide(
        Guid id, string site, string agent, MeterRead read, DateTimeOffset at, DateTimeOffset now, Device device, MeterHistory? history)
    {
        var reading = new DeviceEvent.MeterRead(
            site,
            read.Profile.Name,
            read.Profile.Version,
            [.. read.Counters.Select(c => new Counter(c.Name, c.Value, c.Unit, c.Oid))],
            at,
            now,
            Late: IsLate(at, device.Meters),
            id,
            agent,
            read.Device.Serial,
            read.Device.Mac);
        var seen = Observation.Of(id, reading);
        if (!reading.Late)
        {
            var counting = CountPages.Decide(device.Meters, seen);
            var judged = Judged(reading, counting, counting.Marks);
            return counting.Starts.Count == 0 ? [judged] : [RestateCounters.Started(seen, counting), judged];
        }
        var before = history ?? throw new ArgumentNullException(nameof(history), "a late reading is counted among all readings");
        var after = before.With(seen).Count();
        var late = after.Readings[id];
        return [Judged(reading, late.Counting, late.Marks), .. RestateCounters.Decide(before.Count(), after, id, now)];
    }

    /// <summary>Whether readings as new or newer are known: its place among them must be looked for.</summary>
    public static bool IsLate(DateTimeOffset at, Counts counts) => at <= counts.Newest?.At;

    public static string NameOf(ProfileRef profile) => string.Create(CultureInfo.InvariantCulture, $"{profile.Name}/{profile.Version}");

    private static DeviceEvent.MeterRead Judged(DeviceEvent.MeterRead reading, Counting counting, IReadOnlyList<Mark> marks) => reading with
    {
        Counters = [.. reading.Counters.Select(c => counting.After.Tails.GetValueOrDefault(c.Name) is { Epoch: > 1 } tail ? c with { Epoch = tail.Epoch } : c)],
        Marks = marks.Count == 0 ? null : marks,
        Ignored = counting.Ignored.Count == 0 ? null : [.. counting.Ignored.Order(StringComparer.Ordinal)],
    };
}

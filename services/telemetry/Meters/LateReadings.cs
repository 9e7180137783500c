using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Gate;

namespace Fleet.Telemetry.Meters;

/// <summary>Of which devices the gate must know all readings before it decides.</summary>
public static class LateReadings
{
    /// <summary>Devices with a reading among these batches that is not newer than all before it. A few too many do no harm.</summary>
    public static IReadOnlyList<Named> Among(IEnumerable<ReceivedBatch> batches, IReadOnlyDictionary<Named, Device> devices)
    {
        var (newest, late) = (new Dictionary<Named, DateTimeOffset>(), new HashSet<Named>());
        foreach (var batch in batches)
            foreach (var e in batch.Events)
                if (e.Data is MeterRead && DeviceEvents.DeviceOf(batch, e) is { } device)
                {
                    if (!newest.TryGetValue(device, out var last))
                        last = devices[device].Meters.Newest?.At ?? DateTimeOffset.MinValue;
                    if (e.Time <= last)
                        late.Add(device);
                    newest[device] = e.Time > last ? e.Time : last;
                }
        return [.. late];
    }
}

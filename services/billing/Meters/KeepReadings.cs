// telemetry.ReadingsAccepted -> Decide -> stream meter/{device}/{counter} -> MeterReadings, Meters -> the close
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Billing.Meters;

/// <summary>One counter of one device in one message; the readings in any order.</summary>
public sealed record MeterInput(string DeviceId, string Counter, IReadOnlyList<Reading> Readings)
{
    /// <summary>Every counter becomes a meter, also those no contract names today: a fact not kept cannot be billed or disputed tomorrow.</summary>
    public static IReadOnlyList<MeterInput> Of(ReadingsAccepted accepted) =>
        [.. from reading in accepted.Readings
            from counter in reading.Counters
            group new Reading(reading.ReadingId, reading.ObservedAt.ToUniversalTime(), counter.Value, counter.Unit, counter.Oid, reading.Profile)
                by (reading.DeviceId, counter.Name) into meter
            select new MeterInput(meter.Key.DeviceId, meter.Key.Name, [.. meter])];

    public string Stream => Meter.Key(DeviceId, Counter);

    public string KeyOf(Reading reading) => MeterReadings.Key(DeviceId, Counter, reading.ObservedAt);
}

public static class KeepReadings
{
    /// <summary>A meter has one reading per instant: what is known there already is a duplicate, whatever message brought it.</summary>
    /// <param name="known">Of the readings not newer than the meter's latest, the keys of those that are kept already.</param>
    public static IReadOnlyList<MeterEvent> Decide(MeterInput input, Meter meter, IReadOnlySet<string> known) =>
        [.. from reading in input.Readings.DistinctBy(r => r.ObservedAt).OrderBy(r => r.ObservedAt)
            where !known.Contains(input.KeyOf(reading)) && reading.ObservedAt != meter.Latest?.ObservedAt
            select new MeterEvent.MeterRead(input.DeviceId, input.Counter, reading)];

    /// <summary>The readings that may be known: only late ones, so a reading in order costs no look-up.</summary>
    public static IEnumerable<string> MayBeKnown(MeterInput input, Meter meter) =>
        from reading in input.Readings where reading.ObservedAt <= meter.Latest?.ObservedAt select input.KeyOf(reading);
}

public static class KeepReadingsConsumer
{
    public static readonly Consumer Consumer = Consumer.On<ReadingsAccepted>("keep-readings", HandleAsync);

    private static async Task HandleAsync(ReadingsAccepted accepted, Delivery delivery)
    {
        var inputs = MeterInput.Of(accepted);
        await using var batch = delivery.Module.Store.BatchSession();
        var meters = await batch.FetchForWriting<Meter>([.. inputs.Select(i => (accepted.TenantId, i.Stream))], delivery.Cancel);

        // Looked up after the versions were: a reading that comes in between moves the stream, and the append below is refused and tried again.
        var late = inputs.Zip(meters, (input, meter) => KeepReadings.MayBeKnown(input, meter.Aggregate)).SelectMany(keys => keys).ToArray();
        var known = await KnownAsync(delivery.Module.Store, accepted.TenantId, late, delivery.Cancel);

        foreach (var (input, meter) in inputs.Zip(meters))
            meter.AppendMany(KeepReadings.Decide(input, meter.Aggregate, known));
        await batch.SaveChangesAsync(delivery.Cancel);
    }

    private static async Task<IReadOnlySet<string>> KnownAsync(DocumentStore store, string tenant, string[] keys, CancellationToken cancel)
    {
        if (keys.Length == 0)
            return new HashSet<string>();
        await using var session = store.QuerySession(tenant);
        var rows = await session.QueryKeyedAsync<MeterReadingRow>("where key = any (@keys)", new { keys }, cancel);
        return rows.Select(row => row.Key).ToHashSet(StringComparer.Ordinal);
    }
}

// streams device/{id} up to a time of recording -> the views' own folds -> GET …/devices?at=, …/devices/{id}?at=, …/summary?at=
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Supplies;
using Npgsql;

namespace Fleet.Telemetry.Devices;

/// <summary>A device as it was known at a past time: what had been recorded by then, folded as the views fold it.</summary>
/// <param name="SeenAt">The newest observation of it that was known.</param>
public sealed record DeviceAsOf(DeviceRow Row, IReadOnlyList<SupplyRow> Supplies, DateTimeOffset? SeenAt)
{
    /// <summary>Null when nothing had been recorded of it.</summary>
    public static DeviceAsOf? Of(IEnumerable<IEvent> history, DateTimeOffset at)
    {
        var (row, supplies, seen) = ((DeviceRow?)null, new Dictionary<string, SupplyRow>(), (DateTimeOffset?)null);
        IView view = Fleet.Telemetry.Supplies.Supplies.View;
        foreach (var e in history.TakeWhile(e => e.Timestamp <= at))
        {
            row = Devices.Evolve(row, e, Device.IdOf(e));
            foreach (var key in view.Keys(e))
                if (view.Evolve(supplies.GetValueOrDefault(key), e, key) is SupplyRow supply)
                    supplies[key] = supply;
            if (ObservedAt(e.Data) is { } observed && !(observed <= seen))
                seen = observed;
        }
        return row is null ? null : new(row, [.. supplies.Values.Where(s => s.RemovedAt is null).OrderBy(s => s.Slot, SlotOrder.Instance)], seen);
    }

    public bool IsLow => Supplies.Any(s => s is { Class: "consumed", Percent: <= FleetSummary.LowPercent });

    public DeviceAnswer Answer(DateTimeOffset at)
    {
        var seen = SeenAt is { } last ? new Dictionary<string, DateTimeOffset> { [Row.Key] = last } : [];
        return DeviceAnswer.Of(Row, seen, Supplies.ToLookup(_ => Row.Key, s => SupplySummaries.Of(s, SupplyAnswer.ForecastOf(s, at))));
    }

    private static DateTimeOffset? ObservedAt(object e) => e switch
    {
        DeviceEvent.Registered registered => registered.At,
        DeviceEvent.Described described => described.At,
        DeviceEvent.MeterRead read => read.ObservedAt,
        DeviceEvent.SupplyLevelChanged supply => supply.At,
        DeviceEvent.StatusChanged { Status.Device: not "unreachable" } status => status.At,
        DeviceEvent.AlertRaised alert => alert.At,
        _ => null,
    };
}

public static class DevicesAsOf
{
    // Streams folded at once: a fleet of any size goes through the same memory.
    private const int Chunk = 200;

    private static readonly string[] EventTypes = [.. Device.Stream.Events.Keys];

    /// <summary>All devices known at a time, by their ids, from one id on.</summary>
    public static async IAsyncEnumerable<DeviceAsOf> ReadAsync(
        ModuleContext module, string tenant, DateTimeOffset at, string? after, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        for (var last = Device.StreamKey(after ?? ""); ;)
        {
            var streams = await StreamsAsync(session, tenant, at, last, cancel);
            var events = await session.FetchEventsAsync([.. streams.Select(s => (tenant, s))], EventTypes, cancel);
            foreach (var stream in streams)
                if (DeviceAsOf.Of(events[(tenant, stream)], at) is { } device)
                    yield return device;
            if (streams.Count < Chunk)
                yield break;
            last = streams[^1];
        }
    }

    public static async Task<DeviceAsOf?> FindAsync(ModuleContext module, string tenant, string id, DateTimeOffset at, CancellationToken cancel)
    {
        await using var session = module.Store.BatchSession();
        var stream = (tenant, Device.StreamKey(id));
        return DeviceAsOf.Of((await session.FetchEventsAsync([stream], EventTypes, cancel))[stream], at);
    }

    private static async Task<List<string>> StreamsAsync(BatchSession session, string tenant, DateTimeOffset at, string last, CancellationToken cancel)
    {
        await session.BeginAsync(cancel);
        await using var command = new NpgsqlCommand(
            """
            select id from mt_streams where tenant_id = $1 and id collate "C" > $2 and id collate "C" < 'device0' and created <= $3 order by id collate "C" limit $4
            """, session.Connection, session.Transaction)
        { Parameters = { new() { Value = tenant }, new() { Value = last }, new() { Value = at.ToUniversalTime() }, new() { Value = Chunk } } };
        var streams = new List<string>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            streams.Add(row.GetString(0));
        return streams;
    }
}

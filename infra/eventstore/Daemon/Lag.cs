using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Fleet.EventStore;

/// <summary>
/// Lag and standstill of every view and subscription as gauges, <c>fleet.eventstore.lag</c> and <c>fleet.eventstore.failing</c>, with the tags
/// store and shard. Read from the database every few seconds, so that each process tells of all of them, whoever leads.
/// </summary>
internal static class Lag
{
    private static readonly ConcurrentDictionary<DocumentStore, IReadOnlyList<ShardState>> Latest = [];

    static Lag()
    {
        StoreTelemetry.Meter.CreateObservableGauge("fleet.eventstore.lag", () => Measure(s => s.Lag), "{event}", "Sequence numbers between the newest event and the shard");
        StoreTelemetry.Meter.CreateObservableGauge("fleet.eventstore.failing", () => Measure(s => s.Failure is null ? 0 : 1), "{shard}", "1 while a shard stands still");
    }

    public static async Task RefreshAsync(DocumentStore store, CancellationToken ct) => Latest[store] = await store.AllProgressAsync(ct);

    public static void Forget(DocumentStore store) => Latest.TryRemove(store, out _);

    private static IEnumerable<Measurement<long>> Measure(Func<ShardState, long> value) =>
        from store in Latest
        from shard in store.Value
        select new Measurement<long>(value(shard), new("store", store.Key.Options.Schema), new("shard", shard.Name));
}

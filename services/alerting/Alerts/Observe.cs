// (condition, evidence)s of one fact -> Weigh each -> streams alert/{device}/{condition}, in one transaction
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Alerting.Alerts;

/// <summary>Load, weigh, append: what every watcher's consumer does. A concurrent writer makes the bus deliver again.</summary>
internal static class Observe
{
    public static async Task AppendAsync(Delivery delivery, DateTimeOffset at, IReadOnlyList<(Condition, Evidence?)> shown)
    {
        var telling = shown.Where(s => s.Item2 is not null).ToList();
        if (telling.Count == 0)
            return;
        await using var session = delivery.Module.Store.BatchSession();
        await WeighAsync(session, at, telling!, delivery.Cancel);
        await session.SaveChangesAsync(delivery.Cancel);
    }

    public static async Task WeighAsync(BatchSession session, DateTimeOffset at, IReadOnlyList<(Condition Condition, Evidence Evidence)> shown, CancellationToken cancel)
    {
        var streams = await session.FetchForWriting<Alert>([.. shown.Select(s => (s.Condition.Tenant, s.Condition.Stream))], cancel);
        foreach (var ((condition, evidence), alert) in shown.Zip(streams))
            alert.AppendMany(Weigh.Decide(evidence, condition, at, alert.Aggregate));
    }
}

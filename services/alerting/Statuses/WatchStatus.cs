// telemetry.DeviceStatusChanged -> Decide -> stream status/{device} + Evidence -> Weigh -> streams alert/{device}/error-{name} -> Alerts -> GET /api/v1/alerts
using Fleet.Alerting.Alerts;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Alerting.Statuses;

public static class WatchStatus
{
    public static IReadOnlyList<StatusEvent> Decide(DeviceStatusChanged said, Status status) =>
        said.At <= status.AsOf ? [] : [new StatusEvent.Changed(ErrorsNow(said, status), said.At)];

    /// <summary>What began and what ended between two statuses. What goes on is no news.</summary>
    public static IReadOnlyList<(Condition Condition, Evidence Evidence)> Evidence(DeviceStatusChanged said, Status before, Status after) =>
    [
        .. from name in after.Errors.Except(before.Errors)
           let holds = DeviceError.Of(name)
           where holds is not null
           select (Condition(said, name), (Evidence)holds),
        .. from name in before.Errors.Except(after.Errors)
           where DeviceError.Of(name) is not null
           select (Condition(said, name), (Evidence)new Evidence.Over()),
    ];

    // A device that does not answer has not said that its jam is over.
    private static string[] ErrorsNow(DeviceStatusChanged said, Status status) =>
        said.DeviceStatus == DeviceError.Unreachable
            ? [.. status.Errors.Append(DeviceError.Unreachable).Distinct()]
            : [.. said.Errors.Distinct()];

    private static Condition Condition(DeviceStatusChanged said, string name) => new(said.TenantId, said.DeviceId, DeviceError.Condition(name));
}

public static class WatchStatusConsumer
{
    // One at a time, as a supply's levels: neighbours in the queue are one device's story.
    public static readonly Consumer Consumer = Consumer.On<DeviceStatusChanged>("watch-status", async (said, delivery) =>
    {
        await using var session = delivery.Module.Store.BatchSession();
        var status = (await session.FetchForWriting<Status>([(said.TenantId, Status.Key(said.DeviceId))], delivery.Cancel))[0];
        var events = WatchStatus.Decide(said, status.Aggregate);
        if (events.Count == 0)
            return;

        status.AppendMany(events);
        var after = events.Aggregate(status.Aggregate, Status.Evolve);
        await Observe.WeighAsync(session, said.At, WatchStatus.Evidence(said, status.Aggregate, after), delivery.Cancel);
        await session.SaveChangesAsync(delivery.Cancel);
    }, atOnce: 1);
}

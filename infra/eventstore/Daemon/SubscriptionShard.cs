namespace Fleet.EventStore;

// committed sequence -> page -> handler -> checkpoint
/// <summary>Hands a subscription its pages, in order, at least once: the checkpoint follows the handler.</summary>
internal sealed class SubscriptionShard(DocumentStore store, Subscription subscription) : IShard
{
    public string Name => subscription.Name;
    public string Purpose => $"subscription/{Name}";

    public async Task LeadAsync(CancellationToken ct)
    {
        var checkpoint = Names.Checkpoint(subscription);
        long position;
        await using (var connection = await store.Source.OpenConnectionAsync(ct))
            position = await Checkpoints.PositionAsync(connection, checkpoint, ct);
        var failed = true;
        while (true)
        {
            var upTo = await store.HighWater.WaitBeyondAsync(position, ct);
            List<IEvent> events;
            long reached;
            await using (var connection = await store.Source.OpenConnectionAsync(ct))
                (events, reached) = await EventPages.ReadAsync(connection, store.Types, position, upTo, store.Options.PageSize, ct);
            if (events.Count > 0)
            {
                using var activity = StoreTelemetry.StartPage(store.Options.Schema, Name, events);
                await subscription.Handle(events, ct);
            }
            await using (var connection = await store.Source.OpenConnectionAsync(ct))
            {
                if (!await Checkpoints.MoveAsync(connection, checkpoint, position, reached, ct)) return;
                if (failed) await Failure.ClearAsync(connection, Name, ct);
            }
            (position, failed) = (reached, false);
        }
    }
}

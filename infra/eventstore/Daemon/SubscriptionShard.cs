namespace Fleet.EventStore;

// committed sequence -> page -> handler -> checkpoint
/// <summary>Hands a subscription its pages, in order, at least once: the checkpoint follows the handler.</summary>
internal sealed class SubscriptionShard(DocumentStore store, Subscription subscription) : IShard
{
    public string Name => subscription.Name;
    public string Purpose => $"subscription/{Name}";

    public async Task LeadAsync(Tenure tenure)
    {
        var checkpoint = Names.Checkpoint(subscription);
        long position;
        await using (var connection = await store.Source.OpenConnectionAsync(tenure.Ending))
            position = await Checkpoints.PositionAsync(connection, checkpoint, tenure.Ending);
        var failed = true;
        while (true)
        {
            var upTo = await store.HighWater.WaitBeyondAsync(position, tenure.Ending);
            var page = await ReadAsync(position, upTo, tenure.Over);
            if (page.Events.Count > 0)
            {
                using var activity = StoreTelemetry.StartPage(store.Options.Schema, Name, page.Events);
                await subscription.Handle(page.Events, tenure.Over).WaitAsync(tenure.Over); // one that does not heed its token is left behind
            }
            await using var connection = await store.Source.OpenConnectionAsync(tenure.Over);
            if (!await Checkpoints.MoveAsync(connection, checkpoint, position, page.Reached, tenure.Over)) return;
            if (failed) await Failures.ClearAsync(connection, Name, tenure.Over);
            (position, failed) = (page.Reached, false);
        }
    }

    // No connection is held while the handler works.
    private async Task<EventPage> ReadAsync(long position, long upTo, CancellationToken ct)
    {
        await using var connection = await store.Source.OpenConnectionAsync(ct);
        return await EventPages.ReadAsync(connection, store.Types, position, upTo, store.Options.PageSize, ct, news: true);
    }
}

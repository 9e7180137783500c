namespace Fleet.EventStore;

// clock, once a day -> claims older than StoreOptions.KeepClaimsFor -> forgotten
/// <summary>Forgets old claims; one process of a store does it.</summary>
internal sealed class ClaimShard(DocumentStore store) : IShard
{
    public static readonly TimeSpan Every = TimeSpan.FromDays(1);

    public string Name => "claims";
    public string Purpose => "claims";

    public async Task LeadAsync(Tenure tenure)
    {
        while (true)
        {
            await store.Storage.PruneClaimsAsync(store.Options.Clock.GetUtcNow() - store.Options.KeepClaimsFor, tenure.Ending);
            await using (var connection = await store.Source.OpenConnectionAsync(tenure.Over)) await Failures.ClearAsync(connection, Name, tenure.Over);
            await Task.Delay(Every, store.Options.Clock, tenure.Ending);
        }
    }
}

namespace Fleet.EventStore.Tests;

/// <summary>Stores over schemas of their own, in the tests' database.</summary>
public static class Stores
{
    public static DocumentStore Open(
        string schema, IReadOnlyList<IView>? views = null, IReadOnlyList<Subscription>? subscriptions = null, bool snapshot = false, TimeProvider? clock = null,
        IReadOnlyList<string>? extra = null) =>
        new(new StoreOptions
        {
            Schema = schema,
            Connection = Server.Database.Owner,
            ReaderConnection = Server.Database.Reader,
            Clock = clock ?? Server.RealClock,
            Streams = [Printers.Stream(snapshot)],
            Views = views ?? [],
            Subscriptions = subscriptions ?? [],
            ExtraSchema = extra ?? [],
            PollInterval = TimeSpan.FromMilliseconds(50),
            GapGrace = TimeSpan.FromMilliseconds(500),
        });

    public static async Task<DocumentStore> NewAsync(
        IReadOnlyList<IView>? views = null, IReadOnlyList<Subscription>? subscriptions = null, bool snapshot = false, TimeProvider? clock = null)
    {
        var store = Open(Server.NewSchema(), views, subscriptions, snapshot, clock);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return store;
    }

    public static async Task AppendAsync(this DocumentStore store, string tenant, string key, params object[] events)
    {
        await using var session = store.LightweightSession(tenant);
        session.Events.Append(key, events);
        await session.SaveChangesAsync();
    }
}

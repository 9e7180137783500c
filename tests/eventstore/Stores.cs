using Npgsql;

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
            Connection = Named(Server.Database.Owner, schema),
            ReaderConnection = Named(Server.Database.Reader, schema),
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

    // So that a test can find, and cut, the connections of one store.
    private static string Named(string connection, string schema) =>
        new NpgsqlConnectionStringBuilder(connection) { ApplicationName = schema }.ConnectionString;

    /// <summary>Cuts connections of a store at the server, as a crash would.</summary>
    public static Task<long> CutAsync(string schema, string which = "true") => Server.SqlAsync<long>(
        $"select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '{schema}' and ({which})");

    public static async Task AppendAsync(this DocumentStore store, string tenant, string key, params object[] events)
    {
        await using var session = store.LightweightSession(tenant);
        session.Events.Append(key, events);
        await session.SaveChangesAsync();
    }
}

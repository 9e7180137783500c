using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>A module's table of contents → its store's options.</summary>
internal static class ModuleStore
{
    /// <param name="connection">Npgsql connection string of the role that owns the module's database.</param>
    /// <param name="reader">The same for the role queries run as.</param>
    public static StoreOptions Options(Module module, string connection, string reader, Announcer announcer, TimeProvider clock) => new()
    {
        Schema = module.Name,
        Connection = connection,
        ReaderConnection = reader,
        Clock = clock,
        Streams = module.Streams,
        Views = module.Views,
        Subscriptions = module.Announcements.Count > 0 ? [announcer.Subscription] : [],
        ExtraSchema = [Idempotency.Table, .. module.Tables],
    };
}

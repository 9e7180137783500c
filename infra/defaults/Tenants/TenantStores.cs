using Fleet.EventStore;
using Microsoft.Extensions.Configuration;

namespace Fleet.Defaults;

/// <summary>
/// The stores of all modules for a command that starts no service: each reached as the module itself reaches it, by its own role. There is no login that sees all of them; whoever may run the services may run this.
/// </summary>
public sealed class TenantStores : IAsyncDisposable
{
    private TenantStores(IConfiguration settings, TimeProvider clock, IReadOnlyList<(Module Module, DocumentStore Store)> all) => (Settings, Clock, All) = (settings, clock, all);

    public IConfiguration Settings { get; }
    public TimeProvider Clock { get; }
    public IReadOnlyList<(Module Module, DocumentStore Store)> All { get; }
    public RegionDirectory Regions => RegionDirectory.Open(Settings);

    public static TenantStores Open(IConfiguration settings, IReadOnlyList<Module> modules, TimeProvider clock) =>
        new(settings, clock, [.. modules.Select(module => (module, StoreOf(settings, module, clock)))]);

    /// <summary>The key this region signs with.</summary>
    public Es256Key Key() => Es256Key.Open(Settings, "FLEET_REGION_KEY");

    private static DocumentStore StoreOf(IConfiguration settings, Module module, TimeProvider clock)
    {
        var own = ModuleSettings.Read(settings, module.Name);
        var silent = new Announcer(module, () => throw new InvalidOperationException(), () => throw new InvalidOperationException());
        return new(ModuleStore.Options(module, own.Connection, own.ReaderConnection, silent, clock));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, store) in All) await store.DisposeAsync();
    }
}

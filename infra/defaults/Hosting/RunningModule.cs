using Fleet.EventStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults;

/// <summary>A module with its store, daemon and bus; starts and stops them in the order the data flows.</summary>
internal sealed class RunningModule : IHostedService, IAsyncDisposable
{
    private readonly ModuleBus _bus;
    private readonly IReadOnlyList<IHostedService> _background;

    public RunningModule(Module module, IConfiguration settings, TimeProvider clock, ILoggerFactory logs)
    {
        var own = ModuleSettings.Read(settings, module.Name);
        var announcer = new Announcer(module, () => Context!.Store, () => _bus!.Bus);
        var store = new DocumentStore(ModuleStore.Options(module, own.Connection, own.ReaderConnection, announcer, clock), logs);
        Context = new ModuleContext(module, store, clock, settings, logs);
        _bus = new ModuleBus(Context, own.Broker);
        Daemon = store.BuildProjectionDaemon();
        _background = [.. module.Background.Select(make => make(Context))];
    }

    public ModuleContext Context { get; }

    public ProjectionDaemon Daemon { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Context.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(cancellationToken);
        await _bus.StartAsync(cancellationToken);
        await Daemon.StartAllAsync(cancellationToken);
        foreach (var work in _background)
            await work.StartAsync(cancellationToken);
    }

    /// <summary>Nothing new comes in, then what is in hand is finished: bus first, daemon (which still publishes) before the bus closes.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var work in _background.Reverse())
            await work.StopAsync(cancellationToken);
        await Daemon.StopAllAsync();
        await _bus.StopAsync(cancellationToken);
    }

    public async Task<ModuleHealth> HealthAsync(CancellationToken cancel)
    {
        var bus = _bus.Status.ToString().ToLowerInvariant();
        try
        {
            await using var session = Context.Store.QuerySession();
            await session.ScalarAsync<int>("select 1", null, cancel);
            return new(Context.Module.Name, Database: "ok", bus, Ready: _bus.IsHealthy);
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return new(Context.Module.Name, Database: e.Message, bus, Ready: false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bus.DisposeAsync();
        await Context.Store.DisposeAsync();
    }
}

/// <summary>A module's dependencies, for <c>/readyz</c>.</summary>
public sealed record ModuleHealth(string Module, string Database, string Bus, bool Ready);

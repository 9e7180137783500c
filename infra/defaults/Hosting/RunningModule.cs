using Fleet.EventStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults;

/// <summary>A module with its store, daemon and bus; starts and stops them in the order the data flows.</summary>
internal sealed class RunningModule : IHostedService, IAsyncDisposable
{
    // What those are given who have not ended when the host's patience is over.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ModuleBus _bus;
    private readonly IReadOnlyList<IHostedService> _background;
    private readonly ILogger _log;
    private Task? _stopping;

    public RunningModule(Module module, IConfiguration settings, TimeProvider clock, ILoggerFactory logs)
    {
        var own = ModuleSettings.Read(settings, module.Name);
        var announcer = new Announcer(module, () => Context!.Store, () => _bus!.Bus);
        var store = new DocumentStore(ModuleStore.Options(module, own.Connection, own.ReaderConnection, announcer, clock), logs);
        Context = new ModuleContext(module, store, clock, settings, logs);
        _bus = new ModuleBus(Context, own.Broker);
        Context.Hears = () => _bus.IsHealthy;
        Daemon = store.BuildProjectionDaemon();
        Retelling = new Retelling(Context, () => _bus.Bus);
        Recording = new WriteRefusals(Context, Refusals);
        _background = [Retelling, Recording, .. module.Background.Select(make => make(Context))];
        _log = logs.CreateLogger<RunningModule>();
    }

    public ModuleContext Context { get; }

    /// <summary>It waits for answers of other modules.</summary>
    public bool Asks => Context.Module.Consumers.Any(consumer => consumer.OfProcess);

    public ProjectionDaemon Daemon { get; }

    public Retelling Retelling { get; }

    /// <summary>What was refused since it was last written.</summary>
    public CountedRefusals Refusals { get; } = new();

    public WriteRefusals Recording { get; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await Context.Store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(cancellationToken);
        await _bus.StartAsync(cancellationToken);
        await Daemon.StartAllAsync(cancellationToken);
        foreach (var work in _background)
            await work.StartAsync(cancellationToken);
    }

    /// <summary>
    /// What is in hand is finished: background work, then the daemon (which still publishes), then the bus. Ends at most five seconds after the host's
    /// patience, whatever broker, database or a handler does; the log names what was left behind.
    /// </summary>
    public Task StopAsync(CancellationToken cancellationToken) => _stopping ??= EndAsync(cancellationToken);

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource();
        await using var patience = cancellationToken.UnsafeRegister(_ => over.CancelAfter(Grace), null);
        foreach (var work in _background.Reverse())
            await EndAsync(work.GetType().Name, work.StopAsync(cancellationToken), over.Token);
        await EndAsync("daemon", Daemon.StopAllAsync(cancellationToken), over.Token);
        await EndAsync("bus", _bus.StopAsync(cancellationToken), over.Token);
    }

    private async Task EndAsync(string what, Task ending, CancellationToken over)
    {
        try
        {
            await ending.WaitAsync(over);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            _log.LogError("{Module}: left behind, because it does not end: {What}", Context.Module.Name, what);
        }
        catch (Exception failure)
        {
            _log.LogError(failure, "{Module}: {What} did not end well", Context.Module.Name, what);
        }
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
        Retelling.Dispose();
        Recording.Dispose();
        await _bus.DisposeAsync();
        await Daemon.DisposeAsync();
        await Context.Store.DisposeAsync();
    }
}

/// <summary>A module's dependencies, for <c>/readyz</c>.</summary>
public sealed record ModuleHealth(string Module, string Database, string Bus, bool Ready);

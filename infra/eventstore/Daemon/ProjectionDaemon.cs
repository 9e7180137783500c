using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.EventStore;

/// <summary>
/// Runs a store's asynchronous views and subscriptions in this process, and forgets old claims. Several processes may run one each: every view and
/// subscription has one leader among them, and another takes over when it goes.
/// </summary>
public sealed class ProjectionDaemon : IAsyncDisposable
{
    private readonly DocumentStore store;
    private readonly Leadership leadership;
    private readonly ILogger log;
    private CancellationTokenSource? stop, abandon;
    private Task running = Task.CompletedTask;

    internal ProjectionDaemon(DocumentStore store)
    {
        (this.store, leadership) = (store, new Leadership(store));
        log = store.Log.CreateLogger("Fleet.EventStore.Daemon");
    }

    /// <summary>Returns at once; the schema must have been applied.</summary>
    public Task StartAllAsync(CancellationToken ct = default)
    {
        ct.ThrowIfCancellationRequested();
        if (stop is not null) return Task.CompletedTask;
        (stop, abandon) = (new CancellationTokenSource(), new CancellationTokenSource());
        IEnumerable<IShard> shards =
        [
            .. store.Tables.Values.Where(t => t.View.Lifecycle == ViewLifecycle.Async).Select(t => new ViewShard(store, t)),
            .. store.InlineTables.Take(1).Select(_ => new InlineShard(store)),
            .. store.Options.Subscriptions.Select(s => new SubscriptionShard(store, s)),
            new ClaimShard(store),
        ];
        running = Task.WhenAll(
            [Task.Run(() => PulseAsync(stop.Token), ct), .. shards.Select(s => Task.Run(() => new ShardRunner(store, leadership, s).RunAsync(stop.Token, abandon.Token), ct))]);
        return Task.CompletedTask;
    }

    /// <summary>Ends after the pages under way, or after ten seconds without them; the leaderships are free then.</summary>
    public async Task StopAllAsync()
    {
        if (stop is null || abandon is null) return;
        abandon.CancelAfter(TimeSpan.FromSeconds(10));
        await stop.CancelAsync();
        await running;
        Lag.Forget(store);
        stop.Dispose();
        abandon.Dispose();
        stop = null;
    }

    /// <summary>Builds a view anew beside the one that serves, and swaps. May be called in any process, with or without a running daemon.</summary>
    public Task RebuildProjectionAsync(string viewName, CancellationToken ct = default) =>
        store.Tables.TryGetValue(viewName, out var table)
            ? Rebuild.RunAsync(store, table, onlyIfDifferent: false, ct)
            : throw new ArgumentException($"No view {viewName}", nameof(viewName));

    /// <summary>Returns when every view and subscription has reached what was committed when this was called.</summary>
    /// <exception cref="TimeoutException">Names those that have not, and where they stand.</exception>
    public async Task WaitForNonStaleDataAsync(TimeSpan timeout)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        long? target = null;
        while (true)
        {
            var states = await ProgressAsync(began, timeout);
            target ??= states.Select(s => s.HighWaterMark).FirstOrDefault();
            var behind = states.Where(s => s.Sequence < target).ToArray();
            if (behind.Length == 0) return;
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > timeout)
                throw new TimeoutException($"Not at event {target} after {timeout}: {string.Join(", ", behind.Select(s => $"{s.Name} at {s.Sequence} {s.Failure}"))}");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    // A database that is away for a moment does not end the wait; the timeout does.
    private async Task<IReadOnlyList<ShardState>> ProgressAsync(long began, TimeSpan timeout)
    {
        while (true)
        {
            try
            {
                return await store.AllProgressAsync();
            }
            catch (NpgsqlException e) when (e.IsTransient && System.Diagnostics.Stopwatch.GetElapsedTime(began) < timeout)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    // One look at the sequence for all shards, and one at the leadership's connection.
    private async Task PulseAsync(CancellationToken ct)
    {
        var looks = 0;
        var lookedAt = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await store.HighWater.PollAsync(ct);
                if (System.Diagnostics.Stopwatch.GetElapsedTime(lookedAt) < TimeSpan.FromSeconds(1)) continue;
                lookedAt = System.Diagnostics.Stopwatch.GetTimestamp();
                await leadership.CheckAsync(ct);
                if (++looks % 3 == 1) await Lag.RefreshAsync(store, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested) { } // the loop ends
            catch (Exception e)
            {
                log.LogWarning(e, "{Schema}: the database does not answer the daemon", store.Options.Schema);
                try { await Task.Delay(TimeSpan.FromMilliseconds(500), ct); }
                catch (OperationCanceledException) { } // the loop ends
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAllAsync();
        await leadership.DisposeAsync();
    }
}

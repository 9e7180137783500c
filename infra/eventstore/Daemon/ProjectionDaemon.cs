using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.EventStore;

/// <summary>
/// Runs a store's asynchronous views and subscriptions in this process, and forgets old claims. Several processes may run one each: every view and
/// subscription has one leader among them, and another takes over when it goes.
/// </summary>
public sealed class ProjectionDaemon : IAsyncDisposable
{
    /// <summary>What a stop waits for the pages under way; and then for those who were told to drop them.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10), Grace = TimeSpan.FromSeconds(4);

    private readonly DocumentStore store;
    private readonly Leadership leadership;
    private readonly ILogger log;
    private CancellationTokenSource? stop, abandon;
    private IReadOnlyList<(string Name, Task Run)> running = [];

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
        var (stopping, abandoning) = (stop.Token, abandon.Token);
        running =
        [
            ("pulse", Task.Run(() => PulseAsync(stopping), ct)),
            .. shards.Select(s => (s.Name, Task.Run(() => new ShardRunner(store, leadership, s).RunAsync(stopping, abandoning), ct))),
        ];
        return Task.CompletedTask;
    }

    /// <summary>
    /// Ends after the pages under way, or after ten seconds without them; the leaderships are free then. Never later than four seconds after that: whoever has
    /// not ended by then, whatever the database or a handler does, is left behind and named in the log.
    /// </summary>
    /// <param name="hurry">Drop the pages under way at once.</param>
    public async Task StopAllAsync(CancellationToken hurry = default)
    {
        // Whoever comes second, e.g. to dispose of a daemon that was left behind, does not wait again.
        if (Interlocked.Exchange(ref stop, null) is not { } stopping || abandon is not { } abandoning) return;
        using (stopping)
        using (abandoning)
        {
            abandoning.CancelAfter(Patience);
            var ended = Task.WhenAll(running.Select(r => r.Run));
            await using (hurry.UnsafeRegister(state => ((CancellationTokenSource)state!).Cancel(), abandoning))
            {
                await stopping.CancelAsync();
                await EndAsync(ended, abandoning.Token);
            }
            Lag.Forget(store);
        }
    }

    private async Task EndAsync(Task ended, CancellationToken abandoned)
    {
        try
        {
            await ended.WaitAsync(abandoned);
        }
        catch (OperationCanceledException) when (abandoned.IsCancellationRequested)
        {
            if (await Task.WhenAny(ended, Task.Delay(Grace, CancellationToken.None)) == ended) await ended;
            else
                log.LogError("{Schema}: left behind, because they do not end: {Shards}", store.Options.Schema,
                    string.Join(", ", running.Where(r => !r.Run.IsCompleted).Select(r => r.Name)));
        }
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
        try { await leadership.DisposeAsync().AsTask().WaitAsync(Grace); }
        catch (TimeoutException) { } // a connection that no longer answers ends with the process
    }
}

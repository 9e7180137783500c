using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.EventStore;

/// <summary>What a shard does while it leads: returns or is cancelled when it no longer should, throws when it cannot go on.</summary>
internal interface IShard
{
    string Name { get; }
    string Purpose { get; }
    Task LeadAsync(Tenure tenure);
}

/// <summary>Runs one view or subscription for as long as the daemon runs: candidate, leader, failed, candidate again.</summary>
internal sealed class ShardRunner(DocumentStore store, Leadership leadership, IShard shard)
{
    private static readonly TimeSpan Candidate = TimeSpan.FromSeconds(1), LongestBackOff = TimeSpan.FromSeconds(30);
    private readonly ILogger log = store.Log.CreateLogger("Fleet.EventStore.Daemon");

    /// <param name="stop">Ends the run after the page under way.</param>
    /// <param name="abandon">Ends it at once.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken abandon)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            var began = Stopwatch.GetTimestamp();
            try
            {
                if (await leadership.TryLeadAsync(shard.Purpose, stop) is { } lost) await LeadAsync(lost, stop, abandon);
                else await Task.Delay(Candidate, stop);
                failures = 0;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the loop ends
            catch (Exception e)
            {
                // Whoever worked for a while before failing starts again with the shortest wait.
                failures = Stopwatch.GetElapsedTime(began) > LongestBackOff ? 1 : Math.Min(failures + 1, 8);
                await FailedAsync(e, failures, stop);
            }
        }
        await ResignAsync();
    }

    // A database that no longer answers must not hold up the end: it frees the lock itself when it sees that the connection is gone.
    private async Task ResignAsync()
    {
        using var patience = new CancellationTokenSource(ProjectionDaemon.Grace / 2);
        try { await leadership.ResignAsync(shard.Purpose, patience.Token); }
        catch (OperationCanceledException) { log.LogWarning("{Schema}.{Shard}: the leadership was not handed back", store.Options.Schema, shard.Name); }
    }

    private async Task LeadAsync(CancellationToken lost, CancellationToken stop, CancellationToken abandon)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(lost, stop);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(lost, abandon);
        try
        {
            await shard.LeadAsync(new Tenure(ending.Token, over.Token));
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            log.LogWarning("{Schema}.{Shard}: leadership lost", store.Options.Schema, shard.Name);
        }
    }

    // Leadership is given up while waiting: another process may know the event this one does not.
    private async Task FailedAsync(Exception e, int failures, CancellationToken stop)
    {
        StoreTelemetry.Failures.Add(1, new("store", store.Options.Schema), new("shard", shard.Name));
        var sequence = e switch
        {
            ProjectionException folding => folding.Sequence,
            EventDeserializationFailureException reading => reading.Sequence,
            _ => (long?)null,
        };
        log.LogError(e, "{Schema}.{Shard} stands still at event {Sequence}", store.Options.Schema, shard.Name, sequence);
        try
        {
            await leadership.ResignAsync(shard.Purpose, stop);
            await Failures.RecordAsync(store, shard.Name, sequence, e.Message, stop);
        }
        catch (Exception unrecorded) when (unrecorded is NpgsqlException or TimeoutException)
        {
            log.LogDebug(unrecorded, "The failure could not be recorded");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the loop ends
        await WaitAsync(TimeSpan.FromMilliseconds(Math.Min(LongestBackOff.TotalMilliseconds, 125 << failures)), stop);
    }

    private static async Task WaitAsync(TimeSpan time, CancellationToken stop)
    {
        try { await Task.Delay(time, stop); }
        catch (OperationCanceledException) { } // the loop ends
    }
}

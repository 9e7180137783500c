using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.EventStore;

/// <summary>What a shard does while it leads: returns when it no longer should, throws when it cannot go on.</summary>
internal interface IShard
{
    string Name { get; }
    string Purpose { get; }
    Task LeadAsync(CancellationToken ct);
}

/// <summary>Runs one view or subscription for as long as the daemon runs: candidate, leader, failed, candidate again.</summary>
internal sealed class ShardRunner(DocumentStore store, Leadership leadership, IShard shard)
{
    private static readonly TimeSpan Candidate = TimeSpan.FromSeconds(1), LongestBackOff = TimeSpan.FromSeconds(30);
    private readonly ILogger log = store.Log.CreateLogger("Fleet.EventStore.Daemon");

    public async Task RunAsync(CancellationToken stop)
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            try
            {
                if (await leadership.TryLeadAsync(shard.Purpose, stop) is { } lost)
                {
                    await LeadAsync(lost, stop);
                    failures = 0;
                }
                else
                {
                    await Task.Delay(Candidate, stop);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e)
            {
                // Whoever worked for a while before failing starts again with the shortest wait.
                failures = System.Diagnostics.Stopwatch.GetElapsedTime(started) > LongestBackOff ? 1 : Math.Min(failures + 1, 8);
                await FailedAsync(e, failures, stop);
            }
        }
        await leadership.ResignAsync(shard.Purpose, CancellationToken.None);
    }

    private async Task LeadAsync(CancellationToken lost, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost, stop);
        try
        {
            await shard.LeadAsync(either.Token);
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
        var sequence = (e as ProjectionException)?.Sequence;
        log.LogError(e, "{Schema}.{Shard} stands still at event {Sequence}", store.Options.Schema, shard.Name, sequence);
        try
        {
            if (!Transient(e)) await Failure.RecordAsync(store, shard.Name, sequence, e.Message, stop);
            await leadership.ResignAsync(shard.Purpose, stop);
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(LongestBackOff.TotalMilliseconds, 125 << failures)), stop);
        }
        catch (NpgsqlException unreachable)
        {
            log.LogDebug(unreachable, "The failure could not be recorded");
            await WaitQuietlyAsync(TimeSpan.FromSeconds(1), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the loop ends
    }

    private static async Task WaitQuietlyAsync(TimeSpan time, CancellationToken stop)
    {
        try { await Task.Delay(time, stop); }
        catch (OperationCanceledException) { } // the loop ends
    }

    private static bool Transient(Exception e) => e is NpgsqlException { IsTransient: true } or PostgresException { SqlState: "57P01" or "57P02" or "57P03" };
}

/// <summary>Failures stand in the database, so that every process can tell of them.</summary>
internal static class Failure
{
    public static async Task RecordAsync(DocumentStore store, string name, long? sequence, string message, CancellationToken ct)
    {
        await using var command = store.Source.CreateCommand("""
            insert into fleet_failure (name, seq_id, message, failed_at) values ($1, $2, $3, now())
            on conflict (name) do update set seq_id = excluded.seq_id, message = excluded.message
            """);
        command.Parameters.Add(new() { Value = name });
        command.Parameters.Add(new() { Value = (object?)sequence ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint });
        command.Parameters.Add(new() { Value = message });
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task ClearAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("delete from fleet_failure where name = $1", connection) { Parameters = { new() { Value = name } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}

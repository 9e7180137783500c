using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Fleet.EventStore;

// mt_events from 0 -> fold -> table of the next generation -> caught up -> one transaction: rename, checkpoint, version
/// <summary>Builds a view's table anew beside the one that serves, and swaps.</summary>
internal static class Rebuild
{
    /// <param name="onlyIfDifferent">Do nothing if the table already holds this version and shape, e.g. because another process was faster.</param>
    public static async Task RunAsync(DocumentStore store, ViewTable table, bool onlyIfDifferent, CancellationToken ct)
    {
        var log = store.Log.CreateLogger("Fleet.EventStore.Rebuild");
        var began = Stopwatch.GetTimestamp();
        // Its own connection: the lock that keeps two builds of one view apart lives and dies with it.
        await using var connection = await store.LeaderSource.OpenConnectionAsync(ct);
        await using (var command = new Npgsql.NpgsqlCommand("select pg_advisory_lock($1)", connection))
        {
            command.Parameters.Add(new() { Value = Names.Lock(store.Options.Schema, $"rebuild/{table.View.Name}") });
            await command.ExecuteNonQueryAsync(ct);
        }
        var current = await Checkpoints.ViewAsync(connection, table.View, ct);
        if (onlyIfDifferent && current.Version == table.View.Version && current.Shape == table.Shape) return;

        var build = new Build(store, table, connection, current);
        await build.CreateAsync(ct);
        await store.HighWater.StepAsync(ct);
        while (build.Position < store.HighWater.Mark)
        {
            await build.CatchUpAsync(store.HighWater.Mark, ct);
            await store.HighWater.StepAsync(ct);
        }
        while (!await build.TrySwapAsync(ct)) await build.CatchUpAsync(store.HighWater.Mark, ct);
        log.LogInformation("{Schema}.{View} v{Version} rebuilt up to event {Position} in {Seconds:F1} s", store.Options.Schema, table.View.Name,
            table.View.Version, build.Position, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }
}

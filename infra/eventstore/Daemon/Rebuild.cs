using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.EventStore;

// mt_events from 0 -> fold -> table of the next generation -> caught up -> one transaction: rename, checkpoint, version
/// <summary>Builds a view's table anew beside the one that serves, and swaps.</summary>
internal static class Rebuild
{
    private const int PageSize = 10_000;

    public static async Task RunAsync(DocumentStore store, ViewTable table, CancellationToken ct)
    {
        var log = store.Log.CreateLogger("Fleet.EventStore.Rebuild");
        var began = Stopwatch.GetTimestamp();
        // Its own connection: the lock that keeps two builds of one view apart lives and dies with it.
        await using var connection = await store.LeaderSource.OpenConnectionAsync(ct);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Names.Lock(store.Options.Schema, $"rebuild/{table.View.Name}")})", ct);
        var current = await Checkpoints.ViewAsync(connection, table.View, ct);
        var next = new Build(store, table, connection, current.Generation + 1);
        await next.CreateAsync(ct);

        await store.HighWater.StepAsync(ct);
        while (next.Position < store.HighWater.Mark)
        {
            await next.CatchUpAsync(store.HighWater.Mark, ct);
            await store.HighWater.StepAsync(ct);
        }
        while (!await next.TrySwapAsync(current, ct)) await next.CatchUpAsync(store.HighWater.Mark, ct);
        log.LogInformation("{Schema}.{View} v{Version} rebuilt up to event {Position} in {Seconds:F1} s", store.Options.Schema, table.View.Name,
            table.View.Version, next.Position, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed class Build(DocumentStore store, ViewTable table, NpgsqlConnection connection, long generation)
    {
        private readonly string name = $"{table.View.Name}__{generation}";
        private readonly RowFold fold = new(table, $"{table.View.Name}__{generation}", emptyAtStart: true);

        public long Position { get; private set; }

        public Task CreateAsync(CancellationToken ct) =>
            ExecuteAsync(connection, $"drop table if exists {name}; {table.Ddl(name, store.ReaderRole)}", ct);

        public async Task CatchUpAsync(long upTo, CancellationToken ct)
        {
            while (Position < upTo)
            {
                var (events, reached) = await EventPages.ReadAsync(connection, store.Types, Position, upTo, PageSize, ct);
                await using var batch = new NpgsqlBatch(connection);
                foreach (var write in await fold.FoldAsync(connection, events, ct)) batch.BatchCommands.Add(write);
                if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
                Position = reached;
            }
        }

        /// <summary>
        /// The old checkpoint row is locked first, as its leader does: from then on the old table stands still. Readers are waited for
        /// a few seconds at most, so that a long query does not queue everybody else behind the swap; then it is tried again.
        /// </summary>
        public async Task<bool> TrySwapAsync(ViewCheckpoint old, CancellationToken ct)
        {
            var (view, oldCheckpoint) = (table.View, Names.Checkpoint(table.View, old.Generation));
            await using var transaction = await connection.BeginTransactionAsync(ct);
            try
            {
                await ExecuteAsync(connection, "set local lock_timeout = '3s'", ct);
                var served = await StandStillAsync(oldCheckpoint, ct);
                await CatchUpAsync(Math.Max(served, Position), ct);
                await ExecuteAsync(connection, $"""
                    drop table {view.Name};
                    alter table {name} rename to {view.Name};
                    delete from mt_event_progression where name = '{oldCheckpoint}';
                    insert into mt_event_progression (name, last_seq_id) values ('{Names.Checkpoint(view, generation)}', {Position});
                    """, ct);
                await using var command = new NpgsqlCommand("update fleet_view set version = $2, shape = $3, generation = $4 where name = $1", connection)
                {
                    Parameters = { new() { Value = view.Name }, new() { Value = view.Version }, new() { Value = table.Shape }, new() { Value = generation } },
                };
                await command.ExecuteNonQueryAsync(ct);
                await transaction.CommitAsync(ct);
                return true;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                await transaction.RollbackAsync(ct);
                fold.Forget();
                return false;
            }
        }

        // An inline view is written by appends: the append lock holds them, and all that is committed is then in sight.
        private async Task<long> StandStillAsync(string oldCheckpoint, CancellationToken ct)
        {
            if (table.View.Lifecycle == ViewLifecycle.Inline)
                await ExecuteAsync(connection, $"select pg_advisory_xact_lock({store.AppendLock})", ct);
            await using var command = new NpgsqlCommand(table.View.Lifecycle == ViewLifecycle.Inline
                ? "select coalesce(max(seq_id), 0) from mt_events where $1 <> ''"
                : "select last_seq_id from mt_event_progression where name = $1 for update", connection) { Parameters = { new() { Value = oldCheckpoint } } };
            return (long)(await command.ExecuteScalarAsync(ct))!;
        }
    }
}

using Npgsql;

namespace Fleet.EventStore;

/// <summary>The table of a view's next generation, on the way to take the place of the current one.</summary>
internal sealed class Build(DocumentStore store, ViewTable table, NpgsqlConnection connection, ViewCheckpoint old)
{
    public const int PageSize = 10_000;
    private readonly string name = $"{table.View.Name}__{old.Generation + 1}";
    private readonly List<SequenceRange> gaps = [];
    private RowFold fold = new(table, $"{table.View.Name}__{old.Generation + 1}", emptyAtStart: true);

    /// <summary>Everything up to here is in the new table.</summary>
    public long Position { get; private set; }

    /// <summary>Also removes what a build that died has left.</summary>
    public Task CreateAsync(CancellationToken ct) => ExecuteAsync($"drop table if exists {name}; {table.Ddl(name, store.ReaderRole)}", ct);

    /// <summary>Folds up to a position; the next page is read while this one is folded and written.</summary>
    public async Task CatchUpAsync(long upTo, CancellationToken ct)
    {
        if (Position >= upTo) return;
        var next = Task.Run(() => ReadAsync(Position, upTo, ct), ct);
        while (Position < upTo)
        {
            var (page, settled) = await next;
            if (page.Reached < upTo) next = Task.Run(() => ReadAsync(page.Reached, upTo, ct), ct);
            await using var batch = new NpgsqlBatch(connection);
            foreach (var write in await fold.FoldAsync(connection, page.Events, ct)) batch.BatchCommands.Add(write);
            if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(ct);
            if (upTo > settled) gaps.AddRange(SequenceRange.Missing(Position, page.Reached, page.Events.Select(e => e.Sequence)).Where(gap => gap.To > settled));
            Position = page.Reached;
        }
    }

    private async Task<(EventPage Page, long Settled)> ReadAsync(long after, long upTo, CancellationToken ct)
    {
        var settled = store.HighWater.Mark; // before the page: what is missing below it then will never come
        await using var reader = await store.Source.OpenConnectionAsync(ct);
        return (await EventPages.ReadAsync(reader, store.Types, after, upTo, PageSize, ct), settled);
    }

    /// <summary>
    /// The old checkpoint is locked first, as its leader does: from then on the old table stands still. Readers are waited for
    /// a few seconds at most, so that one long query does not queue everybody else behind the swap: false, try again.
    /// </summary>
    public async Task<bool> TrySwapAsync(CancellationToken ct)
    {
        var before = Position;
        await using var transaction = await connection.BeginTransactionAsync(ct);
        try
        {
            await ExecuteAsync("set local lock_timeout = '3s'", ct);
            await CatchUpAsync(await StandStillAsync(ct), ct);
            await SwapAsync(ct);
            await transaction.CommitAsync(ct);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await transaction.RollbackAsync(ct);
            Position = before;
            fold = new RowFold(table, name);
            gaps.Clear();
            return false;
        }
    }

    // An inline view is written by appends: the append lock holds them, and all that is committed is then in sight.
    private async Task<long> StandStillAsync(CancellationToken ct)
    {
        var inline = table.View.Lifecycle == ViewLifecycle.Inline;
        if (inline) await ExecuteAsync($"select pg_advisory_xact_lock({store.AppendLock})", ct);
        await using var command = new NpgsqlCommand(inline
            ? "select coalesce(max(seq_id), 0) from mt_events"
            : $"select last_seq_id from mt_event_progression where name = '{OldCheckpoint}' for update", connection);
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    private async Task SwapAsync(CancellationToken ct)
    {
        var view = table.View;
        await ExecuteAsync($"""
            drop table {view.Name};
            alter table {name} rename to {view.Name};
            delete from mt_event_progression where name = '{OldCheckpoint}';
            insert into mt_event_progression (name, last_seq_id) values ('{Names.Checkpoint(view, view.Version, old.Generation + 1)}', {Position});
            delete from fleet_failure where name = '{view.Name}';
            """, ct);
        if (table.View.Lifecycle == ViewLifecycle.Inline)
        {
            await using var batch = new NpgsqlBatch(connection);
            foreach (var progress in InlineViews.Progress(table, Position, gaps, hadGaps: true)) batch.BatchCommands.Add(progress);
            await batch.ExecuteNonQueryAsync(ct);
        }
        await using var command = new NpgsqlCommand("update fleet_view set version = $2, shape = $3, generation = $4 where name = $1", connection)
        {
            Parameters = { new() { Value = view.Name }, new() { Value = view.Version }, new() { Value = table.Shape }, new() { Value = old.Generation + 1 } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private string OldCheckpoint => Names.Checkpoint(table.View, old.Version, old.Generation);

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}

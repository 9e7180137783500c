using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace Fleet.EventStore;

/// <summary>
/// Up to where the sequence is settled: below the mark every number is an event everybody can see, or will never be one.
/// Fleet's appends commit in sequence order. A Marten client's need not; its numbers show as a hole, and the mark waits before
/// the hole until it is filled, or until every transaction that could fill it is over.
/// </summary>
internal sealed class HighWater(DocumentStore store) : IDisposable
{
    private const int Window = 20_000;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);
    private readonly SemaphoreSlim nudge = new(0, 1);
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Hole? hole;
    private bool started;
    private long mark;

    /// <summary>A hole seen at some time; numbers up to <paramref name="Head"/> had been taken by then.</summary>
    private sealed record Hole(long Head, long SeenAt)
    {
        /// <summary>Virtual transaction ids that held a lock on sequence or table when the grace was over; empty until asked.</summary>
        public string[]? Holders { get; init; }
    }

    public long Mark => Volatile.Read(ref mark);

    /// <summary>Something was appended here: look now, not at the next poll.</summary>
    public void Nudge()
    {
        if (nudge.CurrentCount > 0) return;
        try { nudge.Release(); }
        catch (SemaphoreFullException) { } // two nudges at once are one
    }

    public async Task PollAsync(CancellationToken ct)
    {
        await nudge.WaitAsync(store.Options.PollInterval, ct);
        await StepAsync(ct);
    }

    /// <summary>Returns the mark once it is beyond <paramref name="position"/>.</summary>
    public async Task<long> WaitBeyondAsync(long position, CancellationToken ct)
    {
        while (true)
        {
            var next = Volatile.Read(ref moved).Task;
            if (Mark > position) return Mark;
            await next.WaitAsync(ct);
        }
    }

    /// <summary>Looks once and moves the mark as far as is safe.</summary>
    public async Task StepAsync(CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            await using var connection = await store.Source.OpenConnectionAsync(ct);
            if (!started) MoveTo(await Checkpoints.HighestAsync(connection, ct));
            started = true;
            while (await AdvanceAsync(connection, ct)) { }
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    // True when there may be more to see at once.
    private async Task<bool> AdvanceAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var (count, whole, last) = await LookAsync(connection, ct);
        if (count == 0) return false;
        MoveTo(whole);
        if (whole == last)
        {
            hole = null;
            return count == Window;
        }
        return await SettleAsync(connection, ct);
    }

    /// <summary>How many numbers lie beyond the mark (within a window), up to where they follow one another, and the last.</summary>
    private async Task<(long Count, long Whole, long Last)> LookAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            select count(*), coalesce(max(seq_id) filter (where seq_id - n = $1), $1), coalesce(max(seq_id), $1)
            from (select seq_id, row_number() over (order by seq_id) as n
                  from (select seq_id from mt_events where seq_id > $1 order by seq_id limit {Window}) w) w
            """, connection) { Parameters = { new NpgsqlParameter<long> { TypedValue = Mark } } };
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2));
    }

    // A taker of numbers holds a lock on the sequence, a writer one on the table, until its transaction is over and its rows are
    // visible. Marten may take numbers in a statement of its own just before: hence the grace. After it, whoever still holds is waited for.
    private async Task<bool> SettleAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (hole is null || hole.Head <= Mark)
        {
            hole = new Hole(await ScalarAsync<long>(connection, "select max(seq_id) from mt_events", ct), Stopwatch.GetTimestamp());
            return false;
        }
        if (Stopwatch.GetElapsedTime(hole.SeenAt) < store.Options.GapGrace) return false;
        const string Holding = """
            select coalesce(array_agg(distinct virtualtransaction), '{}') from pg_locks
            where database = (select oid from pg_database where datname = current_database())
              and relation in ('mt_events'::regclass, 'mt_events_sequence'::regclass) and mode = 'RowExclusiveLock'
            """;
        var holding = await ScalarAsync<string[]>(connection, Holding, ct);
        hole = hole with { Holders = hole.Holders?.Intersect(holding).ToArray() ?? holding };
        if (hole.Holders.Length > 0) return false;

        // All over: what is visible now below the head is all there will ever be.
        MoveTo(hole.Head);
        hole = null;
        return true;
    }

    private void MoveTo(long position)
    {
        if (position <= Mark) return;
        Volatile.Write(ref mark, position);
        Interlocked.Exchange(ref moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public void Dispose()
    {
        oneAtATime.Dispose();
        nudge.Dispose();
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(ct))!;
    }
}

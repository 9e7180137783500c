using Npgsql;

namespace Fleet.EventStore;

// committed sequence -> page -> RowFold -> one transaction: checkpoint, rows
/// <summary>Keeps one asynchronous view up to date; builds its table anew when its version rose.</summary>
internal sealed class ViewShard(DocumentStore store, ViewTable table) : IShard
{
    public string Name => table.View.Name;

    // A process with a newer version of the view leads its own build, while the old one still serves and follows.
    public string Purpose => $"view/{Name}/{table.View.Version}";

    public async Task LeadAsync(CancellationToken ct)
    {
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            await using var connection = await store.Source.OpenConnectionAsync(ct);
            var current = await Checkpoints.ViewAsync(connection, table.View, ct);
            if (current.Version > table.View.Version)
            {
                // A newer process owns the table now. Nothing to do here until this process is replaced.
                await Task.Delay(TimeSpan.FromSeconds(5), ct);
                continue;
            }
            if (current.Version < table.View.Version || current.Shape != table.Shape) await Rebuild.RunAsync(store, table, ct);
            else await FollowAsync(connection, current, ct);
        }
    }

    // Returns when the checkpoint is no longer where this leader left it: deposed, or the table was swapped.
    private async Task FollowAsync(NpgsqlConnection connection, ViewCheckpoint current, CancellationToken ct)
    {
        var checkpoint = Names.Checkpoint(table.View, current.Generation);
        var fold = new RowFold(table, Name);
        var position = current.Position;
        long? poison = null;
        var failed = true;
        while (true)
        {
            var upTo = await store.HighWater.WaitBeyondAsync(position, ct);
            // What lies before an event that cannot be folded is not held up by it.
            if (poison is { } p && p - 1 > position) upTo = Math.Min(upTo, p - 1);
            var (events, reached) = await EventPages.ReadAsync(connection, store.Types, position, upTo, store.Options.PageSize, ct);
            using var activity = StoreTelemetry.StartPage(store.Options.Schema, Name, events);
            try
            {
                var writes = await fold.FoldAsync(connection, events, ct);
                if (!await WriteAsync(connection, checkpoint, position, reached, writes, clearFailure: failed, ct)) return;
                (position, failed) = (reached, false);
            }
            catch (ProjectionException e) when (e.Sequence - 1 > position && poison != e.Sequence)
            {
                poison = e.Sequence;
            }
        }
    }

    private async Task<bool> WriteAsync(
        NpgsqlConnection connection, string checkpoint, long from, long to, IReadOnlyList<NpgsqlBatchCommand> writes, bool clearFailure, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await Checkpoints.MoveAsync(connection, checkpoint, from, to, ct)) return false;
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var write in writes) batch.BatchCommands.Add(write);
        if (writes.Count > 0) await batch.ExecuteNonQueryAsync(ct);
        if (clearFailure) await Failure.ClearAsync(connection, Name, ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}

using Npgsql;

namespace Fleet.EventStore;

// committed sequence -> page -> RowFold -> one transaction: checkpoint, rows
/// <summary>Keeps one asynchronous view up to date; builds its table anew when its version rose.</summary>
internal sealed class ViewShard(DocumentStore store, ViewTable table) : IShard
{
    private bool shapeWasBuilt;

    public string Name => table.View.Name;

    // A process with a newer version of the view leads its own build, while the old one still serves and follows.
    public string Purpose => $"view/{Name}/{table.View.Version}";

    public async Task LeadAsync(Tenure tenure)
    {
        while (true)
        {
            tenure.Ending.ThrowIfCancellationRequested();
            var current = await CurrentAsync(tenure.Ending);
            if (current.Version == table.View.Version && current.Shape == table.Shape)
            {
                await FollowAsync(current, tenure);
            }
            else if (current.Version < table.View.Version || (current.Version == table.View.Version && !shapeWasBuilt))
            {
                // Other columns under the same version are built once a process: two processes that disagree would build for ever.
                shapeWasBuilt = true;
                await Rebuild.RunAsync(store, table, onlyIfDifferent: true, tenure.Ending);
            }
            else
            {
                // A newer process owns the table now; nothing to do until this one is replaced.
                await Task.Delay(TimeSpan.FromSeconds(5), tenure.Ending);
            }
        }
    }

    // Returns when the checkpoint is no longer where this leader left it: deposed, or the table was swapped.
    private async Task FollowAsync(ViewCheckpoint current, Tenure tenure)
    {
        var checkpoint = Names.Checkpoint(table.View, current.Version, current.Generation);
        var fold = new RowFold(table, Name);
        var position = current.Position;
        long? poison = null;
        var moves = "";
        var failed = true;
        while (true)
        {
            var upTo = await store.HighWater.WaitBeyondAsync(position, tenure.Ending);
            // What lies before an event that cannot be folded is not held up by it.
            if (poison is { } p && p - 1 > position) upTo = Math.Min(upTo, p - 1);
            await using var connection = await store.Source.OpenConnectionAsync(tenure.Over); // none is held while waiting
            // Far behind, larger pages: a row that many events touch is written once for all of them.
            var size = upTo - position > store.Options.PageSize ? Build.PageSize : store.Options.PageSize;
            var page = await EventPages.ReadAsync(connection, store.Types, position, upTo, size, tenure.Over, news: true);
            if (page.Events.Count > 0 && await Arrivals.StampAsync(connection, tenure.Over) is var now && now != moves)
            {
                fold.Forget();
                moves = now;
            }
            using var activity = StoreTelemetry.StartPage(store.Options.Schema, Name, page.Events);
            try
            {
                var writes = await fold.FoldAsync(connection, page.Events, tenure.Over);
                if (!await WriteAsync(connection, checkpoint, position, page.Reached, writes, clearFailure: failed, tenure.Over)) return;
                (position, failed) = (page.Reached, false);
            }
            catch (ProjectionException e) when (e.Sequence - 1 > position && poison != e.Sequence)
            {
                poison = e.Sequence;
            }
        }
    }

    private async Task<ViewCheckpoint> CurrentAsync(CancellationToken ct)
    {
        await using var connection = await store.Source.OpenConnectionAsync(ct);
        return await Checkpoints.ViewAsync(connection, table.View, ct);
    }

    private async Task<bool> WriteAsync(
        NpgsqlConnection connection, string checkpoint, long from, long to, IReadOnlyList<NpgsqlBatchCommand> writes, bool clearFailure, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (!await Checkpoints.MoveAsync(connection, checkpoint, from, to, ct)) return false;
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var write in writes) batch.BatchCommands.Add(write);
        if (writes.Count > 0) await batch.ExecuteNonQueryAsync(ct);
        if (clearFailure) await Failures.ClearAsync(connection, Name, ct);
        await transaction.CommitAsync(ct);
        return true;
    }
}

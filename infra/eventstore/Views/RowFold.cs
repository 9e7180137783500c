using Npgsql;

namespace Fleet.EventStore;

// events -> View.Keys -> rows before (cache, else table) -> View.Evolve -> rows after -> one upsert, one delete
/// <summary>Folds pages of events into a view's rows. Keeps the rows it has seen, so that a busy row is read once.</summary>
internal sealed class RowFold(ViewTable table, string name, bool emptyAtStart = false)
{
    private const int CacheLimit = 50_000;
    private readonly Dictionary<RowKey, object?> cache = [];
    private bool cacheIsWhole = emptyAtStart;

    /// <summary>Folds and returns the commands that write the outcome; none when nothing changed.</summary>
    /// <exception cref="ProjectionException">The fold threw; nothing may be written, the cache is forgotten.</exception>
    public async Task<IReadOnlyList<NpgsqlBatchCommand>> FoldAsync(NpgsqlConnection connection, IReadOnlyList<IEvent> events, CancellationToken ct)
    {
        try
        {
            var touched = Touched(events);
            if (table.View.AppendOnly) return Commands(Appended(touched));
            await LoadAsync(connection, touched, ct);
            return Commands(Evolved(touched));
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>What was folded has not been written.</summary>
    public void Forget()
    {
        cache.Clear();
        cacheIsWhole = false;
    }

    private List<(IEvent Event, RowKey Key)> Touched(IReadOnlyList<IEvent> events)
    {
        var touched = new List<(IEvent, RowKey)>(events.Count);
        foreach (var e in events)
        {
            try
            {
                foreach (var key in table.View.Keys(e)) touched.Add((e, new RowKey(e.TenantId, key)));
            }
            catch (Exception inner) when (inner is not OperationCanceledException)
            {
                throw new ProjectionException(table.View.Name, e.Sequence, inner);
            }
        }
        return touched;
    }

    private async Task LoadAsync(NpgsqlConnection connection, List<(IEvent, RowKey Key)> touched, CancellationToken ct)
    {
        if (cache.Count > CacheLimit) Forget();
        var missing = touched.Select(t => t.Key).Where(key => !cache.ContainsKey(key)).ToHashSet();
        var found = cacheIsWhole ? [] : await table.LoadAsync(connection, name, missing, ct);
        foreach (var key in missing) cache[key] = found.GetValueOrDefault(key);
    }

    private Dictionary<RowKey, object?> Evolved(List<(IEvent Event, RowKey Key)> touched)
    {
        var changed = new Dictionary<RowKey, object?>();
        foreach (var (e, key) in touched)
        {
            var before = cache[key];
            var after = Evolve(before, e, key);
            if (ReferenceEquals(before, after)) continue;
            cache[key] = changed[key] = after;
        }
        return changed;
    }

    private Dictionary<RowKey, object?> Appended(List<(IEvent Event, RowKey Key)> touched)
    {
        var rows = new Dictionary<RowKey, object?>();
        foreach (var (e, key) in touched)
            if (Evolve(null, e, key) is { } row) rows.Add(key, row);
        return rows;
    }

    private object? Evolve(object? before, IEvent e, RowKey key)
    {
        try
        {
            return table.View.Evolve(before, e, key.Key);
        }
        catch (Exception inner) when (inner is not OperationCanceledException)
        {
            throw new ProjectionException(table.View.Name, e.Sequence, inner);
        }
    }

    private List<NpgsqlBatchCommand> Commands(Dictionary<RowKey, object?> changed)
    {
        var commands = new List<NpgsqlBatchCommand>(2);
        var written = changed.Where(row => row.Value is not null).Select(row => KeyValuePair.Create(row.Key, row.Value!)).ToArray();
        if (written.Length > 0) commands.Add(table.Write(name, written));
        var deleted = changed.Where(row => row.Value is null).Select(row => row.Key).ToArray();
        if (deleted.Length > 0) commands.Add(ViewTable.Delete(name, deleted));
        return commands;
    }
}

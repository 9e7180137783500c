namespace Fleet.EventStore;

/// <summary>A stream fetched for writing: its state and version as fetched; what is appended here is saved only if nobody else wrote.</summary>
public sealed class EventStream<TState> where TState : class
{
    private readonly UnitOfWork work;
    private readonly SeenState seen;
    private int appended;

    internal EventStream(UnitOfWork work, string tenantId, string key, SeenState seen) =>
        (this.work, TenantId, Key, this.seen) = (work, tenantId, key, seen);

    public string Key { get; }
    public string TenantId { get; }

    /// <summary>The fold of the events as fetched; the stream type's initial state when there is no stream.</summary>
    public TState Aggregate => (TState)seen.State;

    /// <summary>Version as fetched, 0 when there is no stream.</summary>
    public long StartingVersion => seen.Version;

    /// <summary>Version once what was appended here is saved.</summary>
    public long CurrentVersion => StartingVersion + appended;

    public void AppendOne(object e) => AppendMany([e]);

    public void AppendMany(params object[] events) => AppendMany((IEnumerable<object>)events);

    public void AppendMany(IEnumerable<object> events)
    {
        var list = events.ToArray();
        if (list.Length == 0) return;
        var stream = work.Append(TenantId, Key, list);
        // Events the same unit of work appended before this fetch's are no conflict.
        stream.ExpectedVersion ??= StartingVersion;
        if (stream.Type.StateType == typeof(TState)) stream.Seen ??= seen;
        appended += list.Length;
    }
}

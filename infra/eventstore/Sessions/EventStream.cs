namespace Fleet.EventStore;

/// <summary>A stream fetched for writing: its state and version as fetched; what is appended here is saved only if nobody else wrote.</summary>
public sealed class EventStream<TState> where TState : class
{
    private readonly UnitOfWork work;
    private int appended;

    internal EventStream(UnitOfWork work, string tenantId, string key, TState aggregate, long version)
    {
        (this.work, TenantId, Key, Aggregate, StartingVersion) = (work, tenantId, key, aggregate, version);
    }

    public string Key { get; }
    public string TenantId { get; }

    /// <summary>The fold of the events as fetched; the stream type's initial state when there is no stream.</summary>
    public TState Aggregate { get; }

    /// <summary>Version as fetched, 0 when there is no stream.</summary>
    public long StartingVersion { get; }

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
        if (stream.Type.StateType == typeof(TState)) stream.Seen ??= (Aggregate, StartingVersion);
        appended += list.Length;
    }
}

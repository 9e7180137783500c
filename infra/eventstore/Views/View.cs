namespace Fleet.EventStore;

/// <summary>When a view is brought up to date.</summary>
public enum ViewLifecycle
{
    /// <summary>By the daemon, from the committed sequence, with a checkpoint in the same transaction as the rows.</summary>
    Async,

    /// <summary>In the transaction of the append: for views the next decision reads.</summary>
    Inline,
}

/// <summary>
/// A read model: a pure fold from events to rows of one ordinary table with row-level security by tenant.
/// </summary>
/// <typeparam name="TRow">
/// A record; its primary constructor's parameters become columns in snake_case (string text, long bigint, int integer,
/// bool boolean, decimal numeric, DateTimeOffset timestamptz, Guid uuid, byte[] bytea, everything else jsonb). <c>tenant_id</c>, <c>key</c>
/// and the table's primary key over both are added by the store.
/// </typeparam>
/// <param name="name">Table name.</param>
/// <param name="version">Raised when fold or columns change: the daemon then rebuilds the table beside the old one and swaps.</param>
/// <param name="keys">Which rows of the event's tenant an event touches; none when it is of no interest.</param>
/// <param name="evolve">(row before or null, event, key) → row after, or null to delete it.</param>
public sealed class View<TRow>(
    string name,
    int version,
    Func<IEvent, IEnumerable<string>> keys,
    Func<TRow?, IEvent, string, TRow?> evolve) : IView
    where TRow : class
{
    public string Name => name;
    public int Version => version;
    public ViewLifecycle Lifecycle { get; init; } = ViewLifecycle.Async;

    /// <summary>Column lists to index, each with tenant_id in front: <c>"site_id, model"</c>.</summary>
    public IReadOnlyList<string> Indexes { get; init; } = [];

    /// <summary>Rows are only ever added, one or more per event with keys of their own: the fold is never given a row before.</summary>
    public bool AppendOnly { get; init; }

    Type IView.RowType => typeof(TRow);
    IEnumerable<string> IView.Keys(IEvent e) => keys(e);
    object? IView.Evolve(object? row, IEvent e, string key) => evolve((TRow?)row, e, key);
}

/// <summary>What the store needs to know of a view without its row type.</summary>
public interface IView
{
    string Name { get; }
    int Version { get; }
    ViewLifecycle Lifecycle { get; }
    IReadOnlyList<string> Indexes { get; }
    bool AppendOnly { get; }
    Type RowType { get; }
    IEnumerable<string> Keys(IEvent e);
    object? Evolve(object? row, IEvent e, string key);
}

namespace Fleet.EventStore;

/// <summary>
/// One kind of stream: its alias (<c>mt_streams.type</c>), its closed union of events with their stored names, and its fold.
/// Listed by hand in a service's table of contents; nothing is found by scanning.
/// </summary>
/// <example><code>
/// public static readonly StreamType&lt;Alert, AlertEvent&gt; Stream = new("alert", Alert.None, Alert.Evolve)
/// {
///     Events = { ["alert_raised"] = typeof(AlertEvent.Raised), ["alert_resolved"] = typeof(AlertEvent.Resolved) },
/// };
/// </code></example>
public sealed class StreamType<TState, TEvent>(string alias, TState initial, Func<TState, TEvent, TState> evolve) : IStreamType
    where TState : class
    where TEvent : class
{
    public string Alias => alias;

    /// <summary>The state of a stream that has no events.</summary>
    public TState Initial => initial;

    public Func<TState, TEvent, TState> Evolve => evolve;

    /// <summary>Stored name → event type. A stored name never changes its meaning; golden files pin both.</summary>
    public Dictionary<string, Type> Events { get; } = [];

    /// <summary>
    /// Keep the folded state beside the stream (an inline snapshot), written in the append's transaction, so that
    /// <c>FetchForWriting</c> reads one row instead of the whole stream. For long streams.
    /// </summary>
    public bool Snapshot { get; init; }

    /// <summary>Raised when the fold changes its meaning: snapshots of another version are not read, the stream is folded anew.</summary>
    public int SnapshotVersion { get; init; } = 1;

    Type IStreamType.StateType => typeof(TState);
    IReadOnlyDictionary<string, Type> IStreamType.EventTypes => Events;
    object IStreamType.InitialState => initial;
    object IStreamType.Apply(object state, object e) => evolve((TState)state, (TEvent)e);
}

/// <summary>What the store needs to know of a stream type without its type parameters.</summary>
public interface IStreamType
{
    string Alias { get; }
    bool Snapshot { get; }
    int SnapshotVersion { get; }
    Type StateType { get; }
    IReadOnlyDictionary<string, Type> EventTypes { get; }
    object InitialState { get; }
    object Apply(object state, object e);
}

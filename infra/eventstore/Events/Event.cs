namespace Fleet.EventStore;

/// <summary>A stored event; tests of folds make their own: <c>new Event&lt;Raised&gt;(data) { TenantId = "acme" }</c>.</summary>
public sealed record Event<T>(T Data) : IEvent<T> where T : notnull
{
    public Guid Id { get; init; }
    public long Version { get; init; }
    public long Sequence { get; init; }
    public string StreamKey { get; init; } = "";
    public string TenantId { get; init; } = "";
    public DateTimeOffset Timestamp { get; init; }
    public string EventTypeName { get; init; } = "";
    public string? CorrelationId { get; init; }
    public string? CausationId { get; init; }
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    object IEvent.Data => Data;
}

/// <summary>Wraps an appended event to give it its id or headers of its own.</summary>
/// <param name="Data">One of the stream type's events.</param>
/// <param name="Id">Default: a UUIDv7 from the store's clock.</param>
/// <param name="Headers">Added to the session's headers.</param>
public sealed record NewEvent(object Data, Guid? Id = null, IReadOnlyDictionary<string, string>? Headers = null);

/// <summary>Everything of a stored event but its data.</summary>
internal readonly record struct EventHead(
    Guid Id, long Version, long Sequence, string StreamKey, string TenantId, DateTimeOffset Timestamp,
    string? CorrelationId, string? CausationId, IReadOnlyDictionary<string, string>? Headers);

/// <summary>A stream's row in <c>mt_streams</c>.</summary>
/// <param name="AggregateType">The stream type's alias.</param>
public sealed record StreamState(
    string Key, string TenantId, long Version, string? AggregateType, DateTimeOffset LastTimestamp, DateTimeOffset Created, bool IsArchived);

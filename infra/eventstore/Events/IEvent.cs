namespace Fleet.EventStore;

/// <summary>A stored event with its metadata; names and meaning as in Marten's <c>IEvent</c>.</summary>
public interface IEvent
{
    /// <summary>Unique id; public messages made from the event carry it as their message id.</summary>
    Guid Id { get; }

    /// <summary>Position in the stream, from 1, without gaps.</summary>
    long Version { get; }

    /// <summary>Position in the whole store (<c>seq_id</c>); order of sequence is order of commit.</summary>
    long Sequence { get; }

    object Data { get; }
    string StreamKey { get; }
    string TenantId { get; }

    /// <summary>When the append was committed, by the store's clock. When a thing happened is in <see cref="Data"/>.</summary>
    DateTimeOffset Timestamp { get; }

    /// <summary>Alias of the event type, snake_case: <c>meter_read</c>.</summary>
    string EventTypeName { get; }

    string? CorrelationId { get; }
    string? CausationId { get; }
    IReadOnlyDictionary<string, string>? Headers { get; }
}

/// <summary>An event of a known type.</summary>
public interface IEvent<out T> : IEvent where T : notnull
{
    new T Data { get; }
}

namespace Fleet.EventStore;

/// <summary>Somebody else wrote first. Load again, decide again, save again.</summary>
public class ConcurrencyException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A stream was not at the version the writer expected; nothing of the unit of work was written.</summary>
public sealed class EventStreamUnexpectedMaxEventIdException(string tenantId, string streamKey, long expected, long actual, Exception? inner = null)
    : ConcurrencyException($"Stream {streamKey} of tenant {tenantId}: expected version {expected}, found {actual}", inner)
{
    public string TenantId => tenantId;
    public string StreamKey => streamKey;
    public long Expected => expected;

    /// <summary>The version found, or -1 when only the violated index tells.</summary>
    public long Actual => actual;
}

/// <summary><c>StartStream</c> named a stream that exists.</summary>
public sealed class ExistingStreamIdCollisionException(string tenantId, string streamKey)
    : Exception($"Stream {streamKey} of tenant {tenantId} exists")
{
    public string TenantId => tenantId;
    public string StreamKey => streamKey;
}

/// <summary>The tenant has left for another region: nothing of it is written here any more.</summary>
public sealed class TenantLeftException(string tenantId) : Exception($"Tenant {tenantId} has left for another region")
{
    public string TenantId => tenantId;
}

/// <summary>An archived stream takes no more events.</summary>
public sealed class InvalidStreamOperationException(string tenantId, string streamKey)
    : Exception($"Stream {streamKey} of tenant {tenantId} is archived and takes no events");

/// <summary>A stored alias or a CLR type that no <see cref="StreamType{TState,TEvent}"/> of the store lists.</summary>
public sealed class UnknownEventTypeException(string name) : Exception($"No stream type of this store lists the event {name}");

/// <summary>Another process has built a newer version of an inline view; this one is too old to append and must be replaced.</summary>
public sealed class InlineViewMovedException() : Exception("An inline view of this store was built anew by a process with another version of it; restart this one with that version");

/// <summary>A stored event cannot be read: its alias is not listed or its JSON does not fit. Readers stand still before it.</summary>
public sealed class EventDeserializationFailureException(long sequence, Exception inner)
    : Exception($"Event {sequence} cannot be read: {inner.Message}", inner)
{
    public long Sequence => sequence;
}

/// <summary>A fold threw. The view stands still before the event, the others go on.</summary>
public sealed class ProjectionException(string view, long sequence, Exception inner)
    : Exception($"View {view} cannot fold event {sequence}: {inner.Message}", inner)
{
    public string View => view;
    public long Sequence => sequence;
}

using System.Text.Json;

namespace Fleet.EventStore;

/// <summary>What a unit of work will append to one stream.</summary>
internal sealed class PendingStream(string tenantId, string key)
{
    public string TenantId => tenantId;
    public string Key => key;
    public List<PendingEvent> Events { get; } = [];

    /// <summary>The version the stream must be at when the append begins; null when any will do.</summary>
    public long? ExpectedVersion { get; set; }

    public bool MustBeNew { get; set; }

    /// <summary>State and version the unit of work has seen, from which the next snapshot is folded.</summary>
    public (object State, long Version)? Seen { get; set; }

    /// <summary>Version after the append; known once the streams are written.</summary>
    public long Version { get; set; }

    public IStreamType Type => Events[0].Type.Stream;

    public void Expect(long versionAfter) => ExpectedVersion = versionAfter - Events.Count;

    public object Fold(object state)
    {
        foreach (var e in Events)
            if (e.Type.Stream == Type) state = Type.Apply(state, e.Data);
        return state;
    }
}

/// <summary>One event to be; its JSON is made before any lock is taken.</summary>
internal sealed class PendingEvent(PendingStream stream, EventType type, NewEvent e, long offset)
{
    public PendingStream Stream => stream;
    public EventType Type => type;
    public object Data => e.Data;
    public Guid Id { get; private set; }
    public byte[] Json { get; private set; } = [];
    public byte[]? HeaderJson { get; private set; }
    public IReadOnlyDictionary<string, string>? Headers { get; private set; }
    public long Sequence { get; set; }

    /// <summary>Version in the stream; known once the streams are written.</summary>
    public long Version => stream.Version - stream.Events.Count + offset;

    public void Prepare(DateTimeOffset now, IReadOnlyDictionary<string, string>? sessionHeaders, byte[]? sessionHeaderJson)
    {
        Id = e.Id ?? Guid.CreateVersion7(now);
        Json = JsonSerializer.SerializeToUtf8Bytes(e.Data, type.Json);
        Headers = sessionHeaders;
        HeaderJson = sessionHeaderJson;
        if (e.Headers is not { Count: > 0 } own) return;
        var merged = new Dictionary<string, string>(sessionHeaders ?? new Dictionary<string, string>());
        foreach (var (name, value) in own) merged[name] = value;
        Headers = merged;
        HeaderJson = JsonSerializer.SerializeToUtf8Bytes(merged);
    }
}

using System.Text.Json;

namespace Fleet.EventStore;

/// <summary>One event to be.</summary>
internal sealed class PendingEvent(PendingStream stream, EventType type, NewEvent e, long offset)
{
    public PendingStream Stream => stream;
    public EventType Type => type;
    public object Data => e.Data;
    public Guid Id { get; private set; }
    public IReadOnlyDictionary<string, string>? Headers { get; private set; }
    public byte[]? JsonBytes { get; private set; }
    public byte[]? HeaderBytes { get; private set; }

    /// <summary>Known once it is taken.</summary>
    public long Sequence { get; set; }

    /// <summary>Version in the stream; known once the streams are written.</summary>
    public long Version => stream.Version - stream.Events.Count + offset;

    /// <summary>Where the two stand in a <see cref="CopyBuffer"/>.</summary>
    public int SequenceAt { get; set; }

    /// <inheritdoc cref="SequenceAt"/>
    public int VersionAt { get; set; }

    public void Prepare(DateTimeOffset now, IReadOnlyDictionary<string, string>? sessionHeaders)
    {
        Id = e.Id ?? Guid.CreateVersion7(now);
        Headers = sessionHeaders;
        if (e.Headers is not { Count: > 0 } own) return;
        var merged = new Dictionary<string, string>(sessionHeaders ?? new Dictionary<string, string>());
        foreach (var (name, value) in own) merged[name] = value;
        Headers = merged;
    }

    /// <summary>For an event that travels as a parameter; many are written into one buffer instead.</summary>
    public void Serialize()
    {
        JsonBytes = JsonSerializer.SerializeToUtf8Bytes(e.Data, type.Json);
        HeaderBytes = Headers is null ? null : JsonSerializer.SerializeToUtf8Bytes(Headers, EventTypes.HeaderJson);
    }
}

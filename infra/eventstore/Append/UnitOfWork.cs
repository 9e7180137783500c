using System.Diagnostics;

namespace Fleet.EventStore;

/// <summary>Appends in the order they were asked for, over the streams they go to.</summary>
internal sealed class UnitOfWork(EventTypes types)
{
    private readonly Dictionary<RowKey, PendingStream> streams = [];
    private readonly Dictionary<string, string> headers = new(StringComparer.Ordinal);
    private readonly HashSet<RowKey> archived = [];

    public List<PendingEvent> Events { get; } = [];
    public IReadOnlyCollection<PendingStream> Streams => streams.Values;
    public IReadOnlyCollection<RowKey> Archived => archived;
    public string? CorrelationId { get; set; }
    public string? CausationId { get; set; }
    public bool IsEmpty => Events.Count == 0 && archived.Count == 0;

    public PendingStream Append(string tenantId, string key, IEnumerable<object> events)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenantId);
        ArgumentException.ThrowIfNullOrEmpty(key);
        var named = new RowKey(tenantId, key);
        if (!streams.TryGetValue(named, out var stream)) streams.Add(named, stream = new PendingStream(tenantId, key));
        foreach (var e in events)
        {
            var wrapped = e as NewEvent ?? new NewEvent(e);
            var pending = new PendingEvent(stream, types[wrapped.Data.GetType()], wrapped, stream.Events.Count + 1);
            stream.Events.Add(pending);
            Events.Add(pending);
        }
        if (stream.Events.Count == 0) streams.Remove(named);
        return stream;
    }

    public void Archive(string tenantId, string key) => archived.Add(new RowKey(tenantId, key));

    public void SetHeader(string key, string value) => headers[key] = value;

    /// <summary>Makes ids and notes the trace the append belongs to.</summary>
    public void Prepare(DateTimeOffset now)
    {
        var all = new Dictionary<string, string>(headers, StringComparer.Ordinal);
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { } traceParent } activity)
        {
            all.TryAdd("traceparent", traceParent);
            if (activity.TraceStateString is { Length: > 0 } state) all.TryAdd("tracestate", state);
        }
        var shared = all.Count == 0 ? null : all;
        foreach (var e in Events) e.Prepare(now, shared);
    }

    public void Clear()
    {
        Events.Clear();
        streams.Clear();
        archived.Clear();
    }
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fleet.EventStore;

/// <summary>Which stored name is which CLR type, and how it is read and written.</summary>
internal sealed class EventTypes
{
    public static readonly JsonTypeInfo HeaderJson = JsonSerializerOptions.Default.GetTypeInfo(typeof(IReadOnlyDictionary<string, string>));

    private readonly Dictionary<string, EventType> byAlias = new(StringComparer.Ordinal);
    private readonly Dictionary<Type, EventType> byType = [];
    private readonly Dictionary<Type, IStreamType> byState = [];

    public EventTypes(IReadOnlyList<IStreamType> streams, JsonSerializerOptions json)
    {
        json.MakeReadOnly(populateMissingResolver: true);
        foreach (var stream in streams)
        {
            if (!byState.TryAdd(stream.StateType, stream))
                throw new ArgumentException($"Two stream types fold to {stream.StateType}");
            foreach (var (alias, type) in stream.EventTypes)
            {
                var known = EventType.Of(alias, type, stream, json);
                if (!byAlias.TryAdd(alias, known)) throw new ArgumentException($"Two event types are stored as {alias}");
                if (!byType.TryAdd(type, known)) throw new ArgumentException($"{type} is stored under two names");
            }
        }
    }

    public EventType this[Type type] => byType.TryGetValue(type, out var known) ? known : throw new UnknownEventTypeException(type.ToString());

    public EventType this[string alias] => byAlias.TryGetValue(alias, out var known) ? known : throw new UnknownEventTypeException(alias);

    public IStreamType StreamOf(Type state) =>
        byState.TryGetValue(state, out var stream) ? stream : throw new ArgumentException($"No stream type of this store folds to {state}");
}

/// <param name="DotNetType">As Marten writes it: <c>Namespace.Outer+Inner, Assembly</c>.</param>
internal sealed record EventType(string Alias, Type Type, string DotNetType, IStreamType Stream, JsonTypeInfo Json, Func<EventHead, object, IEvent> Wrap)
{
    public static EventType Of(string alias, Type type, IStreamType stream, JsonSerializerOptions json) => new(
        alias, type, $"{type.FullName}, {type.Assembly.GetName().Name}", stream, json.GetTypeInfo(type),
        typeof(EventType).GetMethod(nameof(Wrapper), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [alias]) as Func<EventHead, object, IEvent> ?? throw new InvalidOperationException(alias));

    private static Func<EventHead, object, IEvent> Wrapper<T>(string alias) where T : notnull => (head, data) => new Event<T>((T)data)
    {
        Id = head.Id,
        Version = head.Version,
        Sequence = head.Sequence,
        StreamKey = head.StreamKey,
        TenantId = head.TenantId,
        Timestamp = head.Timestamp,
        EventTypeName = alias,
        CorrelationId = head.CorrelationId,
        CausationId = head.CausationId,
        Headers = head.Headers,
    };
}

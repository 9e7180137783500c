using System.Security.Cryptography;
using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>
/// What leaves a module: stored events of one type, translated to public messages after they are committed.
/// The message id is the event id, so that a second delivery is recognised.
/// </summary>
/// <param name="EventType">Stored, private.</param>
/// <param name="MessageType">Public: of <c>contracts/</c>.</param>
public sealed record Announcement(
    Type EventType, Type MessageType, Func<DocumentStore, IReadOnlyList<IEvent>, CancellationToken, Task<IEnumerable<OutgoingMessage>>> TranslateAsync)
{
    /// <summary>One event, one message; null says nothing.</summary>
    public static Announcement Of<TEvent, TMessage>(Func<IEvent<TEvent>, TMessage?> translate)
        where TEvent : class
        where TMessage : class =>
        Pure<TEvent, TMessage>(events =>
            from e in events
            let message = translate((IEvent<TEvent>)e)
            where message is not null
            select new OutgoingMessage(e.Id, message, [e]));

    /// <summary>
    /// One event, one message that tells its stream's whole state as of that event: for facts a receiver wants complete, so that one missed or
    /// early message does no harm. The state is folded up to the event's own version, whatever was appended since.
    /// </summary>
    public static Announcement OfState<TState, TEvent, TMessage>(Func<TState, IEvent<TEvent>, TMessage> translate)
        where TState : class
        where TEvent : class
        where TMessage : class =>
        new(typeof(TEvent), typeof(TMessage), async (store, events, cancel) =>
        {
            var messages = new List<OutgoingMessage>();
            foreach (var e in events.Cast<IEvent<TEvent>>())
            {
                await using var session = store.LightweightSession(e.TenantId);
                var state = await session.Events.AggregateStreamAsync<TState>(e.StreamKey, e.Version, ct: cancel);
                messages.Add(new(e.Id, translate(state!, e), [e]));
            }
            return messages;
        });

    /// <summary>
    /// Many events, one message per tenant, where volume asks for it. Every fact inside carries its own event id, because the
    /// edges of a page, and with them the message's id, can differ between deliveries.
    /// </summary>
    public static Announcement Batched<TEvent, TMessage>(int limit, Func<string, IReadOnlyList<IEvent<TEvent>>, TMessage> translate)
        where TEvent : class
        where TMessage : class =>
        Pure<TEvent, TMessage>(events =>
            from tenant in events.GroupBy(e => e.TenantId)
            from chunk in tenant.Cast<IEvent<TEvent>>().Chunk(limit)
            select new OutgoingMessage(IdOf(chunk), translate(tenant.Key, chunk), chunk));

    private static Announcement Pure<TEvent, TMessage>(Func<IReadOnlyList<IEvent>, IEnumerable<OutgoingMessage>> translate) =>
        new(typeof(TEvent), typeof(TMessage), (_, events, _) => Task.FromResult(translate(events)));

    private static Guid IdOf<TEvent>(IEvent<TEvent>[] chunk)
        where TEvent : class
    {
        Span<byte> ids = stackalloc byte[32];
        chunk[0].Id.TryWriteBytes(ids);
        chunk[^1].Id.TryWriteBytes(ids[16..]);
        return new Guid(SHA256.HashData(ids)[..16]);
    }
}

/// <param name="Of">The stored events it tells of; their traces go on in it.</param>
public sealed record OutgoingMessage(Guid Id, object Message, IReadOnlyList<IEvent> Of);

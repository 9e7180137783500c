using System.Security.Cryptography;
using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>
/// What leaves a module: stored events of one type, translated to public messages after they are committed.
/// The message id is the event id, so that a second delivery is recognised.
/// </summary>
public sealed record Announcement(Type EventType, Func<IReadOnlyList<IEvent>, IEnumerable<OutgoingMessage>> Translate)
{
    /// <summary>One event, one message; null says nothing.</summary>
    public static Announcement Of<TEvent>(Func<IEvent<TEvent>, object?> translate)
        where TEvent : class =>
        new(typeof(TEvent), events =>
            from e in events
            let message = translate((IEvent<TEvent>)e)
            where message is not null
            select new OutgoingMessage(e.Id, message));

    /// <summary>
    /// Many events, one message per tenant, where volume asks for it. Every fact inside carries its own event id, because the
    /// edges of a page, and with them the message's id, can differ between deliveries.
    /// </summary>
    public static Announcement Batched<TEvent>(int limit, Func<string, IReadOnlyList<IEvent<TEvent>>, object> translate)
        where TEvent : class =>
        new(typeof(TEvent), events =>
            from tenant in events.GroupBy(e => e.TenantId)
            from chunk in tenant.Cast<IEvent<TEvent>>().Chunk(limit)
            select new OutgoingMessage(IdOf(chunk), translate(tenant.Key, chunk)));

    private static Guid IdOf<TEvent>(IEvent<TEvent>[] chunk)
        where TEvent : class
    {
        Span<byte> ids = stackalloc byte[32];
        chunk[0].Id.TryWriteBytes(ids);
        chunk[^1].Id.TryWriteBytes(ids[16..]);
        return new Guid(SHA256.HashData(ids)[..16]);
    }
}

public sealed record OutgoingMessage(Guid Id, object Message);

// public message of any service -> Facts -> claim each id -> stream feed/{type}
using System.Text.Json;
using Fleet.Defaults;
using Fleet.EventStore;

namespace Fleet.Integration.Facts;

/// <summary>One fact with the id that tells a second delivery.</summary>
/// <param name="Id">The id of the event the message was made from, at the service it comes from; a reading's own id.</param>
public sealed record Fact(Guid Id, string Tenant, FactEvent.Recorded Event);

/// <summary>How one type of public message becomes facts; <see cref="PublicMessages"/> lists them all.</summary>
/// <param name="Type">CloudEvents type.</param>
public sealed record Translation<TMessage>(string Type, Func<TMessage, Guid, IEnumerable<Fact>> Facts)
    where TMessage : class
{
    /// <summary>One message, one fact.</summary>
    public static Translation<TMessage> Single(
        string type, Func<TMessage, string> tenant, Func<TMessage, string?> subject, Func<TMessage, DateTimeOffset> at) =>
        new(type, (message, id) => [RecordFacts.Of(id, type, tenant(message), subject(message), at(message), message)]);

    public Consumer Consumer => Consumer.On<TMessage>($"record-{Type.Split('.')[2]}", (message, delivery) =>
        RecordFactsConsumer.RecordAsync(delivery, Facts(message, delivery.MessageId)), atOnce: 2);   // there are many queues and one pool
}

public static class RecordFacts
{
    public static Fact Of<TData>(Guid id, string type, string tenant, string? subject, DateTimeOffset at, TData data) =>
        new(id, tenant, new(type, $"/fleet/{type.Split('.')[1]}", subject, at.ToUniversalTime(), JsonSerializer.SerializeToElement(data, JsonSerializerOptions.Web)));
}

internal static class RecordFactsConsumer
{
    public static async Task RecordAsync(Delivery delivery, IEnumerable<Fact> heard)
    {
        await using var session = delivery.Module.Store.BatchSession();
        foreach (var type in heard.GroupBy(fact => fact.Event.Type))
        {
            // Claim and append live or die together: what was not kept is not taken for known either.
            var fresh = await session.ClaimAsync(type.Key, [.. type.Select(Key)], delivery.Cancel);
            foreach (var fact in type.DistinctBy(fact => fact.Id).Where(fact => fresh.Contains(Key(fact))))
                session.Append(fact.Tenant, Feed.Key(type.Key), new NewEvent(fact.Event, fact.Id));
        }
        await session.SaveChangesAsync(delivery.Cancel);
    }

    private static string Key(Fact fact) => fact.Id.ToString("n");
}

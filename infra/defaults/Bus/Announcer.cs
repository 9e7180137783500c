using Fleet.EventStore;
using MassTransit;

namespace Fleet.Defaults;

/// <summary>stored events -> Announcements -> bus, with confirms: the stream is the outbox.</summary>
internal sealed class Announcer(Module module, Func<DocumentStore> store, Func<IBus> bus)
{
    // How many publishes wait for their confirm at once; more than this buys nothing on one connection.
    private const int Window = 100;

    private readonly ILookup<Type, Announcement> _announcements = module.Announcements.ToLookup(a => a.EventType);

    public Subscription Subscription => new("announce", HandleAsync);

    private async Task HandleAsync(IReadOnlyList<IEvent> page, CancellationToken cancel)
    {
        var outgoing = new List<OutgoingMessage>();
        foreach (var type in page.GroupBy(e => e.Data.GetType()))
            foreach (var announcement in _announcements[type.Key])
                outgoing.AddRange(await announcement.TranslateAsync(store(), [.. type], cancel));

        foreach (var window in outgoing.Chunk(Window))
            await Task.WhenAll(window.Select(message => PublishAsync(message, cancel)));
    }

    private async Task PublishAsync(OutgoingMessage m, CancellationToken cancel)
    {
        using var trace = AnnouncementTrace.Start(m);
        await bus().Publish(m.Message, m.Message.GetType(), Pipe.Execute<PublishContext>(context => context.MessageId = m.Id), cancel);
    }
}

using Fleet.EventStore;
using MassTransit;

namespace Fleet.Defaults;

/// <summary>stored events -> Announcements -> bus, with confirms: the stream is the outbox.</summary>
internal sealed class Announcer(Module module, Func<IBus> bus)
{
    // How many publishes wait for their confirm at once; more than this buys nothing on one connection.
    private const int Window = 100;

    private readonly ILookup<Type, Announcement> _announcements = module.Announcements.ToLookup(a => a.EventType);

    public Subscription Subscription => new("announce", HandleAsync);

    private async Task HandleAsync(IReadOnlyList<IEvent> page, CancellationToken cancel)
    {
        var outgoing =
            from type in page.GroupBy(e => e.Data.GetType())
            from announcement in _announcements[type.Key]
            from message in announcement.Translate([.. type])
            select message;

        foreach (var window in outgoing.Chunk(Window))
            await Task.WhenAll(window.Select(m => bus().Publish(m.Message, m.Message.GetType(), Pipe.Execute<PublishContext>(context => context.MessageId = m.Id), cancel)));
    }
}

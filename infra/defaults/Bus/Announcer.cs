using Fleet.EventStore;
using MassTransit;

namespace Fleet.Defaults;

/// <summary>stored events -> Announcements -> bus, with confirms: the stream is the outbox.</summary>
internal sealed class Announcer(Module module, Func<DocumentStore> store, Func<IBus> bus)
{
    // How many publishes wait for their confirm at once; more than this buys nothing on one connection.
    private const int Window = 100;

    // Longer than the daemon's longest pause, so that a failure that took so long is tried again at once; a broker that is away is waited for, and told of.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(35);

    private readonly ILookup<Type, Announcement> _announcements = module.Announcements.ToLookup(a => a.EventType);

    public Subscription Subscription => new("announce", HandleAsync);

    private async Task HandleAsync(IReadOnlyList<IEvent> page, CancellationToken cancel)
    {
        var outgoing = new List<OutgoingMessage>();
        foreach (var type in page.GroupBy(e => e.Data.GetType()))
            foreach (var announcement in _announcements[type.Key])
                outgoing.AddRange(await announcement.TranslateAsync(store(), [.. type], cancel));

        foreach (var window in outgoing.Chunk(Window))
            await ConfirmedAsync(window, cancel);
    }

    // A publish may never end when its connection breaks: RabbitMQ.Client 7.1 disposes of the semaphore its publishers wait on, and nobody wakes them; and not every
    // wait in MassTransit heeds its token. What does not end is left behind, and the same messages, under the same ids, are published again.
    private async Task ConfirmedAsync(OutgoingMessage[] window, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        try
        {
            await Task.WhenAll(window.Select(message => PublishAsync(message, limit.Token))).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var messages = window.GroupBy(m => BusNames.Of(m.Message.GetType())).Select(same => $"{same.Count()} {same.Key}");
            throw new TimeoutException($"The broker has not confirmed within {Patience.TotalSeconds:0} s, among: {string.Join(", ", messages)}");
        }
    }

    private async Task PublishAsync(OutgoingMessage m, CancellationToken cancel)
    {
        using var trace = AnnouncementTrace.Start(m);
        await bus().Publish(m.Message, m.Message.GetType(), Pipe.Execute<PublishContext>(context => context.MessageId = m.Id), cancel);
    }
}

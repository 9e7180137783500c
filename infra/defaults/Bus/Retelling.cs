using Fleet.EventStore;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults;

/// <summary>
/// What a module tells whole (<see cref="Module.Retold"/>) is told again a while after each start, and again and again: each stream's last word, under the id it had. Whoever heard it knows that
/// by version or id; whoever was installed, restored or bound later hears it now.
/// </summary>
internal sealed class Retelling(ModuleContext module, Func<IBus> bus) : IHostedService, IDisposable
{
    // Neighbours that start together with us listen by then.
    private static readonly TimeSpan First = TimeSpan.FromSeconds(60), Every = TimeSpan.FromMinutes(10);

    private const int Page = 1_000, Window = 100;

    private readonly CancellationTokenSource _stop = new();
    private readonly ILookup<Type, Announcement> _retold = module.Module.Retold.ToLookup(announcement => announcement.EventType);
    private Task _running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (_retold.Count > 0)
            _running = RunAsync(_stop.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync(CancellationToken stop)
    {
        var log = module.Logs.CreateLogger<Retelling>();
        for (var pause = First; ; pause = Every)
            try
            {
                await Task.Delay(pause, module.Clock, stop);
                await TellAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception away)
            {
                log.LogWarning(away, "{Module}: what stands could not be told again; it is tried anew in {Minutes} minutes", module.Module.Name, Every.TotalMinutes);
            }
    }

    /// <summary>Each stream's last word, once.</summary>
    public async Task TellAsync(CancellationToken cancel)
    {
        foreach (var window in (await LastWordsAsync(cancel)).Chunk(Window))
            foreach (var type in window.GroupBy(e => e.Data.GetType()))
                foreach (var announcement in _retold[type.Key])
                    foreach (var message in await announcement.TranslateAsync(module.Store, [.. type], cancel))
                        await bus().Publish(message.Message, message.Message.GetType(), Pipe.Execute<PublishContext>(context => context.MessageId = message.Id), cancel).WaitAsync(TimeSpan.FromSeconds(35), module.Clock, cancel);
    }

    private async Task<IReadOnlyCollection<IEvent>> LastWordsAsync(CancellationToken cancel)
    {
        var last = new Dictionary<(string Tenant, string Stream), IEvent>();
        for (var after = 0L; ;)
        {
            var page = await module.Store.ReadAllAsync(after, Page, null, cancel);
            foreach (var e in page.Where(e => _retold.Contains(e.Data.GetType())))
                last[(e.TenantId, e.StreamKey)] = e;
            if (page.Count < Page)
                return last.Values;
            after = page[^1].Sequence;
        }
    }
}

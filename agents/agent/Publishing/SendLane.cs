using Fleet.Agent.Spooling;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Agent.Publishing;

// one lane of the spool -> window of unconfirmed batches -> exchange `edge` -> confirm -> row deleted

/// <summary>
/// One lane of one session. A lane nobody has a queue for rests by itself, with growing pauses, while the other goes on over the same connection;
/// whatever else goes wrong ends the session.
/// </summary>
/// <param name="fresh">Released when the lane may have something new.</param>
/// <param name="maySend">While it says no, nothing further is taken from the spool.</param>
/// <param name="sending">Told of each batch before it goes out; when it throws, the batch does not.</param>
/// <param name="confirmed">Told after each batch the broker has.</param>
/// <param name="resting">Told why the lane rests, and for how long.</param>
internal sealed class SendLane(string lane, Spool spool, BrokerLink link, SemaphoreSlim fresh, Func<bool> maySend, TimeProvider clock, Action<Batch> sending, Action<Batch> confirmed, Action<Exception, TimeSpan> resting)
{
    private const int Window = 32;      // batches under way; each holds up to 500 events

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5), LastConfirms = TimeSpan.FromSeconds(10);

    private bool moved;     // something was confirmed since the last rest

    /// <param name="untilEmpty">Return once everything is confirmed, instead of waiting for more.</param>
    public Task RunAsync(bool untilEmpty, CancellationToken over) => new BackOff(
        clock, thrown => thrown is PublishException { IsReturn: true }, () => moved, resting).RunAsync(cancel => SendAsync(untilEmpty, cancel), over);

    private async Task SendAsync(bool untilEmpty, CancellationToken over)
    {
        moved = false;
        using var window = new SemaphoreSlim(Window);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(over);
        var underWay = new List<Task>();
        var sent = 0L;
        try
        {
            while (true)
            {
                var held = !maySend();
                IReadOnlyList<Batch> batches = held ? [] : spool.Waiting(lane, sent, Window);
                foreach (var batch in batches)
                {
                    await window.WaitAsync(failed.Token);
                    sent = batch.Sequence;
                    underWay.RemoveAll(task => task.IsCompletedSuccessfully);
                    underWay.Add(OneAsync(batch, window, failed));
                }
                if (batches.Count > 0) continue;
                if (untilEmpty && !held)
                {
                    await Task.WhenAll(underWay);
                    return;
                }
                await fresh.WaitAsync(LookAgain, failed.Token);
            }
        }
        catch (OperationCanceledException) when (underWay.Count > 0)
        {
            await Task.WhenAny(Task.WhenAll(underWay), Task.Delay(LastConfirms, clock, CancellationToken.None));
            foreach (var broken in underWay.Where(task => task.IsFaulted)) await broken;
            throw;
        }
    }

    private async Task OneAsync(Batch batch, SemaphoreSlim window, CancellationTokenSource failed)
    {
        try
        {
            // Not cancelled by a stop: what is under way is waited for, so that it need not be sent twice.
            sending(batch);
            await link.PublishAsync(batch, link.Ended);
            spool.Confirm(batch.Sequence);
            moved = true;
            confirmed(batch);
            window.Release();
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }
}

using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using Polly;
using Polly.Retry;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Agent.Publishing;

// spool -> window of unconfirmed batches -> exchange `edge` -> confirm -> row deleted

/// <summary>Brings the spool to the broker, for as long as the agent lives. Whatever fails, the batch stays and is sent again as it was.</summary>
public sealed class PublishSpool(AgentConfig config, Spool spool, TokenSource tokens, ServerTrust trust, TimeProvider clock, AgentLog log) : IDisposable
{
    private const int Window = 32;      // batches under way; each holds up to 500 events

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim fresh = new(0, 1);
    private bool moved;     // something was confirmed since the last failure: the next one is the first of a new series

    /// <summary>The last reason why nothing moves; null while it does.</summary>
    public Failure? Trouble { get; private set; }

    /// <summary>There is something new in the spool.</summary>
    public void Wake()
    {
        lock (fresh) if (fresh.CurrentCount == 0) fresh.Release();
    }

    /// <param name="untilEmpty">Return once everything is confirmed, instead of waiting for more.</param>
    /// <param name="stop">Takes no further batch, waits a moment for the confirms under way, closes.</param>
    public async Task RunAsync(bool untilEmpty, CancellationToken stop)
    {
        var done = false;
        while (!done && !stop.IsCancellationRequested)
        {
            moved = false;
            try
            {
                await BackOff(stop).ExecuteAsync(async cancel => { await SessionAsync(untilEmpty, cancel); done = true; }, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception lost) when (moved)
            {
                Tell(lost);
            }
        }
    }

    // 0.5 s, 1 s, 2 s … 60 s, with jitter so that a thousand agents do not come back at once.
    private ResiliencePipeline BackOff(CancellationToken stop) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } thrown && !stop.IsCancellationRequested && !moved && IsWorldly(thrown)),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(500),
            MaxDelay = TimeSpan.FromSeconds(60),
            OnRetry = retry => { Tell(retry.Outcome.Exception!, retry.RetryDelay); return default; }
        }).Build();

    // A bug of our own must not be retried for ever in silence.
    private static bool IsWorldly(Exception thrown) => thrown is not (NullReferenceException or ArgumentException or NotSupportedException);

    private async Task SessionAsync(bool untilEmpty, CancellationToken stop)
    {
        var token = await tokens.FetchAsync(stop);
        await using var link = await BrokerLink.OpenAsync(config, trust, token, clock, stop);
        log.Info(string.Create(CultureInfo.InvariantCulture, $"connected to {config.Broker.Host}:{config.Broker.Port}, {spool.Tally.Kept} events to send"));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop, link.Ended);
        var renewing = RenewAsync(link, token, over.Token);
        try
        {
            await SendAsync(link, untilEmpty, over.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new OperationInterruptedException(link.Reason!);
        }
        finally
        {
            await over.CancelAsync();
            await renewing;
        }
    }

    private async Task SendAsync(BrokerLink link, bool untilEmpty, CancellationToken over)
    {
        using var window = new SemaphoreSlim(Window);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(over);
        var underWay = new List<Task>();
        var sent = new Dictionary<string, long> { [EdgeBatch.AlertLane] = 0, [EdgeBatch.ReadingLane] = 0 };
        try
        {
            while (true)
            {
                // Alerts first: after an outage nobody waits for them behind an hour of readings.
                var batches = sent.Keys.Select(lane => spool.Waiting(lane, sent[lane], Window)).FirstOrDefault(waiting => waiting.Count > 0) ?? [];
                foreach (var batch in batches)
                {
                    await window.WaitAsync(failed.Token);
                    sent[batch.Lane] = batch.Sequence;
                    underWay.RemoveAll(task => task.IsCompletedSuccessfully);
                    underWay.Add(OneAsync(link, batch, window, failed));
                }
                if (batches.Count > 0) continue;
                if (untilEmpty)
                {
                    await Task.WhenAll(underWay);
                    return;
                }
                await fresh.WaitAsync(LookAgain, failed.Token);
            }
        }
        catch (OperationCanceledException) when (underWay.Count > 0)
        {
            await Task.WhenAny(Task.WhenAll(underWay), Task.Delay(TimeSpan.FromSeconds(10), clock, CancellationToken.None));
            foreach (var broken in underWay.Where(task => task.IsFaulted)) await broken;
            throw;
        }
    }

    private async Task OneAsync(BrokerLink link, Batch batch, SemaphoreSlim window, CancellationTokenSource failed)
    {
        try
        {
            // Not cancelled by a stop: what is under way is waited for, so that it need not be sent twice.
            await link.PublishAsync(batch, link.Ended);
            spool.Confirm(batch.Sequence);
            (moved, Trouble) = (true, null);
            window.Release();
        }
        catch
        {
            await failed.CancelAsync();
            throw;
        }
    }

    private async Task RenewAsync(BrokerLink link, AccessToken token, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                var wait = token.RefreshAt - clock.GetUtcNow();
                await Task.Delay(wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), clock, over);
                token = await tokens.FetchAsync(over);
                await link.RenewAsync(token, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // The old token still holds for a quarter of its life; if no new one comes, the broker ends the session.
                Tell(failed);
                token = token with { RefreshAt = clock.GetUtcNow() + LookAgain };
            }
        }
    }

    public void Dispose() => fresh.Dispose();

    private void Tell(Exception thrown, TimeSpan? again = null)
    {
        Trouble = Failure.Of(thrown, config, trust.LastDoubt);
        log.Warn(Trouble.Line + (again is { } delay ? string.Create(CultureInfo.InvariantCulture, $"; again in {delay.TotalSeconds:0.0} s") : ""));
    }
}

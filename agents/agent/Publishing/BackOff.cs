using Polly;
using Polly.Retry;

namespace Fleet.Agent.Publishing;

/// <summary>
/// Tries until it works: after 0.5 s, 1 s, 2 s … 60 s, with jitter, so that a thousand agents do not come back at once. No failure is without a pause after it,
/// also not the first one after a long time of all well.
/// </summary>
/// <param name="handles">What may pass; anything else is thrown.</param>
/// <param name="hadGoneWell">Asked after a failure: whether what failed had worked before, so that the pauses begin anew.</param>
/// <param name="pausing">Told of each failure and the pause after it.</param>
public sealed class BackOff(TimeProvider clock, Func<Exception, bool> handles, Func<bool> hadGoneWell, Action<Exception, TimeSpan> pausing)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(500), Longest = TimeSpan.FromSeconds(60);

    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public async Task RunAsync(Func<CancellationToken, Task> attempt, CancellationToken stop)
    {
        Exception? last = null;
        while (true)
        {
            var (ended, again) = (last, last);
            try
            {
                await Series(thrown => !stop.IsCancellationRequested && handles(thrown) && (ReferenceEquals(thrown, ended) || !hadGoneWell())).ExecuteAsync(async cancel =>
                {
                    // The failure that ended one series is the first of the next.
                    if (Interlocked.Exchange(ref again, null) is { } before) throw before;
                    await attempt(cancel);
                }, stop);
                return;
            }
            catch (Exception failed) when (!stop.IsCancellationRequested && handles(failed) && hadGoneWell())
            {
                last = failed;
            }
            catch (Exception failed) when (stop.IsCancellationRequested && failed is not OperationCanceledException && handles(failed))
            {
                // It failed while it was being stopped: a stop all the same.
                throw new OperationCanceledException(failed.Message, failed, stop);
            }
        }
    }

    private ResiliencePipeline Series(Func<Exception, bool> goesOn) => new ResiliencePipelineBuilder { TimeProvider = clock }
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is { } thrown && goesOn(thrown)),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = Shortest,
            MaxDelay = Longest,
            OnRetry = retry => { pausing(retry.Outcome.Exception!, retry.RetryDelay); return default; }
        }).Build();
}

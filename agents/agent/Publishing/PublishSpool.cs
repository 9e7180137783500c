using System.Collections.Concurrent;
using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Spooling;
using Fleet.Contracts.Edge.V1;
using RabbitMQ.Client.Exceptions;

namespace Fleet.Agent.Publishing;

// spool -> token -> connection -> SendLane for each lane, side by side -> exchange `edge`; and back, HearControl

/// <summary>Brings the spool to the broker, for as long as the agent lives. Whatever fails, the batch stays and is sent again as it was.</summary>
/// <param name="leaving">Told of each batch before it goes out; when it throws, nothing does.</param>
/// <param name="sent">Told of each batch the broker has.</param>
/// <param name="maySend">Asked before batches are taken; always, when left out.</param>
/// <param name="control">Hears what the agent is told, for as long as it is connected.</param>
public sealed class PublishSpool(
    AgentConfig config, Spool spool, TokenSource tokens, ServerTrust trust, TimeProvider clock, AgentLog log, Action<Batch>? leaving = null, Action<Batch>? sent = null,
    Func<bool>? maySend = null, HearControl? control = null) : IDisposable
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    // A session that held so long was a good one: what ends it is the first failure of a new series.
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(60);

    // Side by side, so that alerts never wait behind an hour of readings, and neither lane for a queue only the other one lacks.
    private readonly Dictionary<string, SemaphoreSlim> fresh = new() { [EdgeBatch.AlertLane] = new(0, 1), [EdgeBatch.ReadingLane] = new(0, 1) };
    private readonly ConcurrentDictionary<string, Failure> resting = new();
    private Failure? trouble;
    private AccessToken? inUse;
    private long? connectedAt;
    private long confirmed;     // ticks, UTC

    /// <summary>The last reason why nothing moves, or why one lane does not; null while all does.</summary>
    public Failure? Trouble => trouble ?? resting.Values.FirstOrDefault();

    /// <summary>The last failure of all, also when all is well again since.</summary>
    public (DateTimeOffset At, string Line)? LastTrouble { get; private set; }

    public bool IsConnected { get; private set; }

    /// <summary>When the broker last confirmed a batch; null when it has not since the start.</summary>
    public DateTimeOffset? ConfirmedAt => Interlocked.Read(ref confirmed) is > 0 and var ticks ? new(ticks, TimeSpan.Zero) : null;

    /// <summary>There is something new in the spool.</summary>
    public void Wake()
    {
        foreach (var lane in fresh.Values)
            lock (lane) if (lane.CurrentCount == 0) lane.Release();
    }

    /// <param name="untilEmpty">Return once everything is confirmed, instead of waiting for more.</param>
    /// <param name="stop">Takes no further batch, waits a moment for the confirms under way, closes.</param>
    public async Task RunAsync(bool untilEmpty, CancellationToken stop)
    {
        try
        {
            await new BackOff(clock, IsWorldly, () => connectedAt is { } since && clock.GetElapsedTime(since) >= Steady, (lost, pause) => Tell(lost, pause))
                .RunAsync(cancel => SessionAsync(untilEmpty, cancel), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // what is not confirmed stays in the spool
        }
    }

    // A bug of our own must not be retried for ever in silence.
    private static bool IsWorldly(Exception thrown) => thrown is not (NullReferenceException or ArgumentException or NotSupportedException);

    private async Task SessionAsync(bool untilEmpty, CancellationToken stop)
    {
        connectedAt = null;
        var token = inUse = await tokens.GetAsync(stop);
        await using var link = await BrokerLink.OpenAsync(config, trust, token, clock, stop);
        connectedAt = clock.GetTimestamp();
        trouble = null;     // whatever kept it from here
        IsConnected = true;
        log.Info(string.Create(CultureInfo.InvariantCulture, $"connected to {config.Broker.Host}:{config.Broker.Port}, {spool.Tally.Kept} events to send"));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop, link.Ended);
        var renewing = RenewAsync(link, token, over.Token);
        var hearing = control is null ? Task.CompletedTask : link.HearAsync(control, over.Token);
        try
        {
            await Task.WhenAll(fresh.Keys.Select(lane => LaneAsync(lane, link, untilEmpty, over)));
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new OperationInterruptedException(link.Reason!);
        }
        finally
        {
            IsConnected = false;
            await over.CancelAsync();
            await Task.WhenAll(renewing, hearing);
        }
    }

    private async Task LaneAsync(string lane, BrokerLink link, bool untilEmpty, CancellationTokenSource over)
    {
        try
        {
            var sending = new SendLane(lane, spool, link, fresh[lane], maySend ?? (() => true), clock, batch => leaving?.Invoke(batch), batch => Moves(lane, batch), (returned, pause) =>
            {
                resting[lane] = Failure.Of(returned, config, trust.LastDoubt);
                Say(resting[lane], pause);
            });
            await sending.RunAsync(untilEmpty, over.Token);
        }
        catch
        {
            await over.CancelAsync();       // the session is over for the other lane, too
            throw;
        }
    }

    private void Moves(string lane, Batch batch)
    {
        Interlocked.Exchange(ref confirmed, clock.GetUtcNow().UtcTicks);
        sent?.Invoke(batch);
        trouble = null;
        resting.TryRemove(lane, out _);
    }

    private async Task RenewAsync(BrokerLink link, AccessToken token, CancellationToken over)
    {
        Failure? before = null;
        while (!over.IsCancellationRequested)
        {
            try
            {
                var wait = token.RefreshAt - clock.GetUtcNow();
                await Task.Delay(wait > TimeSpan.FromSeconds(1) ? wait : TimeSpan.FromSeconds(1), clock, over);
                token = inUse = await tokens.GetAsync(over);
                await link.RenewAsync(token, over);
                if (before is not null && ReferenceEquals(trouble, before)) trouble = null;
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failed)
            {
                // The old token still holds for a quarter of its life; if no new one comes, the broker ends the session.
                before = Tell(failed);
                token = token with { RefreshAt = clock.GetUtcNow() + LookAgain };
            }
        }
    }

    public void Dispose()
    {
        foreach (var lane in fresh.Values) lane.Dispose();
    }

    private Failure Tell(Exception thrown, TimeSpan? again = null)
    {
        var told = trouble = Failure.Of(thrown, config, trust.LastDoubt);
        // What it may do stands in the token: a new one may say otherwise.
        if (told.Kind is FailureKind.LoginRefused or FailureKind.Forbidden or FailureKind.TokenExpired && inUse is { } refused) tokens.Forget(refused);
        Say(told, again);
        return told;
    }

    private void Say(Failure failure, TimeSpan? again)
    {
        LastTrouble = (clock.GetUtcNow(), failure.Line);
        log.Warn(failure.Line + (again is { } pause ? string.Create(CultureInfo.InvariantCulture, $"; again in {pause.TotalSeconds:0.0} s") : ""));
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.Channels;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Agent.Scheduling;

namespace Fleet.Agent.Polling;

// targets -> visit (SNMP) -> Observed -> Intake -> spool

/// <summary>What a visit brought back; <see cref="Observed"/> is null when the device kept silent.</summary>
/// <param name="GrantId">The grant it was asked under.</param>
public sealed record Visit(Target Target, Look Look, DateTimeOffset At, Observed? Observed, string? GrantId);

/// <param name="Answered">When it last said something; null when it has not since the agent's start.</param>
/// <param name="Misses">Visits in a row without an answer, once they are enough to be called silence.</param>
public sealed record Pulse(DateTimeOffset? Answered, int Misses)
{
    public static readonly Pulse None = new(null, 0);
}

/// <summary>Visits every device at its own pace: one waiting task each, so that a slow or silent one holds up nobody.</summary>
public sealed class PollDevices
{
    private const int SilentAfter = 3;      // visits in a row
    private static readonly TimeSpan NoGrant = TimeSpan.FromSeconds(5);      // until it is looked whether there is one now
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(10);      // between a visit and one that is called for

    private static readonly TimeSpan LongestRest = TimeSpan.FromDays(1);    // a timer takes no more than 49 days, and a clock may be put right meanwhile

    private readonly Channel<Visit> visits = Channel.CreateBounded<Visit>(1000);
    private readonly ConcurrentDictionary<string, Pulse> pulses = new();        // by name
    private readonly IReadOnlyList<Target> targets;
    private volatile IReadOnlyList<Target> followed;
    private readonly Cadence every;
    private readonly Func<Target, Look, CancellationToken, Task<Found>> visit;
    private readonly TimeProvider clock;
    private readonly AgentLog log;
    private readonly FollowDevices devices;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> resting = new();     // by address

    /// <param name="targets">Devices that are visited whatever <see cref="Follow"/> brings.</param>
    public PollDevices(IReadOnlyList<Target> targets, Cadence every, Func<Target, Look, CancellationToken, Task<Found>> visit, TimeProvider clock, AgentLog log)
    {
        (this.targets, this.every, this.visit, this.clock, this.log) = (targets, every, visit, clock, log);
        devices = new(FollowAsync);
        devices.Order(followed = targets);
    }

    /// <summary>Who is visited, and when they were last heard of since the agent's start.</summary>
    public IEnumerable<(Target Target, Pulse Pulse)> Followed => followed.Select(target => (target, pulses.GetValueOrDefault(target.Name) ?? Pulse.None));

    public ChannelReader<Visit> Visits => visits.Reader;

    /// <summary>Devices visited at the moment.</summary>
    public int Count => devices.Count;

    /// <summary>From now on these, and none that were found before them.</summary>
    public void Follow(IReadOnlyList<Target> found)
    {
        devices.Order(followed = [.. targets.Concat(found).DistinctBy(target => target.Name)]);
        foreach (var gone in pulses.Keys.Except(followed.Select(target => target.Name))) pulses.TryRemove(gone, out _);
    }

    /// <summary>Visits the device at an address as soon as it may be. False when none rests there: none is known, it is being visited, or has called before.</summary>
    public bool LookNow(string address) => resting.TryGetValue(address, out var rest) && rest.TrySetResult();

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            await devices.RunAsync(stop);       // without a single device there is still an agent to report on
        }
        finally
        {
            visits.Writer.TryComplete();
        }
    }

    // A device may answer what nobody thought of; that must cost a line and a visit, not the agent.
    private async Task<Found> VisitAsync(Target target, Look look, CancellationToken stop)
    {
        try
        {
            return await visit(target, look, stop);
        }
        catch (Exception broken) when (!stop.IsCancellationRequested)
        {
            log.Error($"{target.Address} could not be read: {broken.GetType().Name}: {broken.Message}");
            return new(Answered: false, null, GrantId: null) { Broke = true };
        }
    }

    // True when it was cut short. Jams come in storms: however often a device calls, it is let wait ten seconds.
    private async Task<bool> RestAsync(string address, TimeSpan time, CancellationToken stop)
    {
        // Timers know whole milliseconds, and would wake too early for what is left: a loop that spins until the hand has moved.
        time = TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds));
        var called = resting[address] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await Task.Delay(time < Least ? time : Least, clock, stop);
            if (time > Least) await called.Task.WaitAsync(time - Least, clock, stop);
            return called.Task.IsCompleted;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            resting.TryRemove(new(address, called));
        }
    }

    private async Task FollowAsync(Target target, int place, CancellationToken stop)
    {
        try
        {
            // Not all at once: a hundred devices a second.
            await Task.Delay(TimeSpan.FromMilliseconds(place * 10), clock, stop);
            var agenda = Agenda.From(clock.GetUtcNow(), Place.Of(target.Name));
            for (var misses = 0; ;)
            {
                var at = clock.GetUtcNow();
                var look = agenda.Due(at);
                if (look == 0)
                {
                    if (await RestAsync(target.Address, TimeSpan.FromTicks(Math.Min((agenda.Next - at).Ticks, LongestRest.Ticks)), stop)) agenda = agenda with { Status = clock.GetUtcNow() };
                    continue;
                }
                var found = await VisitAsync(target, look, stop);
                if (found.Answered)
                {
                    if (misses >= SilentAfter) log.Info($"{target.Address} answers again");
                    misses = 0;
                    pulses[target.Name] = new(at, 0);
                    if (found.Observed is { } observed) await visits.Writer.WriteAsync(new(target, look, at, observed, found.GrantId), stop);
                }
                else if (found == Found.NotAsked)
                {
                    // Still due: a grant that comes opens it at once, not an hour later.
                    await Task.Delay(NoGrant, clock, stop);
                    continue;
                }
                else if (++misses == SilentAfter)
                {
                    pulses[target.Name] = new(pulses.GetValueOrDefault(target.Name)?.Answered, misses);
                    log.Warn(string.Create(CultureInfo.InvariantCulture, $"{target.Address} has not answered {SilentAfter} times in a row"));
                    await visits.Writer.WriteAsync(new(target, look, at, null, found.GrantId), stop);
                }
                agenda = agenda.After(look, clock.GetUtcNow(), every);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }
}

using System.Globalization;
using System.Threading.Channels;
using Fleet.Agent.Changes;
using Fleet.Agent.Configuration;
using Fleet.Agent.Scheduling;

namespace Fleet.Agent.Polling;

// targets -> Timetable -> visit (SNMP) -> Observed -> Intake -> spool

/// <summary>What a visit brought back; <see cref="Observed"/> is null when the device kept silent.</summary>
/// <param name="GrantId">The grant it was asked under.</param>
public sealed record Visit(Target Target, Look Look, DateTimeOffset At, Observed? Observed, string? GrantId);

/// <summary>Visits every device at its own pace: each visit is a task of its own, so that a slow or silent device holds up nobody.</summary>
public sealed class PollDevices
{
    private static readonly TimeSpan NoGrant = TimeSpan.FromSeconds(5);      // until it is looked whether there is one now
    private static readonly TimeSpan LongestRest = TimeSpan.FromDays(1);    // a timer takes no more than 49 days, and a clock may be put right meanwhile

    private readonly Channel<Visit> visits = Channel.CreateBounded<Visit>(1000);
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Timetable table = new();
    private readonly Lock gate = new();     // of the table, and of what is in it
    private readonly IReadOnlyList<Target> targets;
    private readonly Cadence every;
    private readonly Func<Target, Look, CancellationToken, Task<Found>> visit;
    private readonly TimeProvider clock;
    private readonly AgentLog log;
    private volatile IReadOnlyList<Target> followed;

    /// <param name="targets">Devices that are visited whatever <see cref="Follow"/> brings.</param>
    public PollDevices(IReadOnlyList<Target> targets, Cadence every, Func<Target, Look, CancellationToken, Task<Found>> visit, TimeProvider clock, AgentLog log) =>
        (this.targets, followed, this.every, this.visit, this.clock, this.log) = (targets, targets, every, visit, clock, log);

    /// <summary>Who is visited, and when they were last heard of since the agent's start.</summary>
    public IEnumerable<(Target Target, Pulse Pulse)> Followed
    {
        get
        {
            lock (gate) return [.. followed.Select(target => (target, table.PulseOf(target)))];
        }
    }

    public ChannelReader<Visit> Visits => visits.Reader;

    /// <summary>Devices visited at the moment.</summary>
    public int Count
    {
        get
        {
            lock (gate) return table.Count;
        }
    }

    /// <summary>From now on these, and none that were found before them.</summary>
    public void Follow(IReadOnlyList<Target> found)
    {
        followed = [.. targets.Concat(found).DistinctBy(target => target.Name)];
        Wake();
    }

    /// <summary>Visits the device at an address as soon as it may be. False when none rests there: none is known, it is being visited, or has called before.</summary>
    public bool LookNow(string address)
    {
        lock (gate)
            if (!table.Call(address, clock.GetUtcNow())) return false;
        Wake();
        return true;
    }

    /// <summary>Ends when it is stopped and every visit has ended. Without a single device there is still an agent to report on.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var known = (IReadOnlyList<Target>)[];
        var underWay = new List<Task>();
        await using var alarm = clock.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                underWay.RemoveAll(one => one.IsCompletedSuccessfully);
                if (followed is var wanted && wanted != known) await LetGoAsync(known = wanted);
                while (Begin(stop) is { } begun) underWay.Add(begun);
                alarm.Change(Rest(), Timeout.InfiniteTimeSpan);
                await wake.Reader.ReadAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
        finally
        {
            await Task.WhenAll(underWay);
            visits.Writer.TryComplete();
        }
    }

    private void Wake() => wake.Writer.TryWrite(true);

    private Task LetGoAsync(IReadOnlyList<Target> wanted)
    {
        lock (gate) return Task.WhenAll(table.Follow(wanted, clock.GetUtcNow()).Select(device => device.Until?.CancelAsync() ?? Task.CompletedTask));
    }

    private Task? Begin(CancellationToken stop)
    {
        lock (gate)
        {
            if (table.Take(clock.GetUtcNow()) is not { } device) return null;
            var until = device.Until = CancellationTokenSource.CreateLinkedTokenSource(stop);
            return Task.Run(() => VisitAsync(device, until), CancellationToken.None);
        }
    }

    private async Task VisitAsync(Followed device, CancellationTokenSource until)
    {
        try
        {
            var at = clock.GetUtcNow();
            var agenda = device.Agenda ?? Agenda.From(at, Place.Of(device.Target.Name));
            var look = agenda.Due(at);
            var found = look == 0 ? Found.NotAsked : await AskAsync(device.Target, look, until.Token);       // 0: the clock was put back meanwhile
            var (was, now) = (device.Pulse, device.Pulse.After(found, at));
            lock (gate) device.Pulse = now;
            if (Tell(device.Target, was, now) || found.Observed is not null) await visits.Writer.WriteAsync(new(device.Target, look, at, found.Observed, found.GrantId), until.Token);
            Rest(device, agenda, look, found);
            Wake();
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
        }
        finally
        {
            lock (gate) device.Until = null;
            until.Dispose();
        }
    }

    // A device may answer what nobody thought of; that must cost a line and a visit, not the agent.
    private async Task<Found> AskAsync(Target target, Look look, CancellationToken stop)
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

    // True when it has just fallen silent.
    private bool Tell(Target target, Pulse was, Pulse now)
    {
        if (was.IsSilent && !now.IsSilent) log.Info($"{target.Address} answers again");
        if (was.IsSilent || !now.IsSilent) return false;
        log.Warn(string.Create(CultureInfo.InvariantCulture, $"{target.Address} has not answered {Pulse.SilentAfter} times in a row"));
        return true;
    }

    private void Rest(Followed device, Agenda agenda, Look look, Found found)
    {
        var now = clock.GetUtcNow();
        lock (gate)
        {
            if (!table.Has(device)) return;
            // Not asked, it is still due: a grant that comes opens it at once, not an hour later.
            device.Agenda = found == Found.NotAsked ? agenda : agenda.After(look, now, every);
            device.Rests = found == Found.NotAsked ? null : now;
            table.Turn(device, found == Found.NotAsked && agenda.Next <= now ? now + NoGrant : device.Agenda.Next);
        }
    }

    // Timers know whole milliseconds, and would wake too early for what is left: a loop that spins until the hand has moved.
    private TimeSpan Rest()
    {
        lock (gate)
        {
            var rest = table.Next is { } next ? next - clock.GetUtcNow() : LongestRest;
            return rest <= TimeSpan.Zero ? TimeSpan.Zero : rest < LongestRest ? TimeSpan.FromMilliseconds(Math.Ceiling(rest.TotalMilliseconds)) : LongestRest;
        }
    }
}

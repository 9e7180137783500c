namespace Fleet.Agents.Tests;

/// <summary>Time that moves when a test says so; timers due then fire in their order.</summary>
internal sealed class SnmpManualClock : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private TimeSpan now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + now;

    public int Armed
    {
        get { lock (gate) return timers.Count; }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var until = now + by;
        while (Next(until) is { } due) due.Fire();
        now = until;
    }

    private ManualTimer? Next(TimeSpan until)
    {
        lock (gate)
        {
            var next = timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
            if (next is null) return null;
            timers.Remove(next);
            now = next.Due;
            return next;
        }
    }

    private sealed class ManualTimer(SnmpManualClock clock, Action fire) : ITimer
    {
        public TimeSpan Due { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock.now + dueTime;
                clock.timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

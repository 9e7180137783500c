using System.Collections.Concurrent;

namespace Fleet.EventStore.Tests;

/// <summary>Time that moves when a test says so; whoever slept until then wakes (Microsoft.Extensions.TimeProvider.Testing is not in the registry).</summary>
internal sealed class DayClock : TimeProvider
{
    private readonly ConcurrentDictionary<Sleeper, DateTimeOffset> sleepers = [];
    private DateTimeOffset now = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    public int Sleepers => sleepers.Count;

    public override DateTimeOffset GetUtcNow() => now;

    public void Advance(TimeSpan by)
    {
        now += by;
        foreach (var (sleeper, _) in sleepers.Where(s => s.Value <= now))
            if (sleepers.TryRemove(sleeper, out _)) sleeper.Wake();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var sleeper = new Sleeper(this, () => callback(state));
        sleeper.Change(dueTime, period);
        return sleeper;
    }

    private sealed class Sleeper(DayClock clock, Action wake) : ITimer
    {
        public void Wake() => wake();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == Timeout.InfiniteTimeSpan) return clock.sleepers.TryRemove(this, out _);
            clock.sleepers[this] = clock.now + dueTime;
            return true;
        }

        public void Dispose() => clock.sleepers.TryRemove(this, out _);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

namespace Fleet.Flows.Tests.TwoAgents;

/// <summary>The time of the services, in which every wait is ten times shorter: an agent that asks each half minute asks each three seconds.</summary>
internal sealed class HastyClock(TimeProvider time) : TimeProvider
{
    private const int Times = 10;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, Shorter(dueTime), Shorter(period));

    private static TimeSpan Shorter(TimeSpan wait) => wait > TimeSpan.Zero ? wait / Times : wait;
}

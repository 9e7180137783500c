namespace Fleet.Testing;

/// <summary>The real clock, which a test may set forward: months in minutes, without waiting.</summary>
public sealed class TestClock : TimeProvider
{
    private long _ahead;

    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => Real.GetUtcNow() + Ahead;

#pragma warning disable RS0030 // the composition root of tests
    /// <summary>For waiting, timestamps and servers: never set forward.</summary>
    public static readonly TimeProvider Real = System;
#pragma warning restore RS0030
}

/// <summary>A clock that moves only when told to: for rules about seconds.</summary>
public sealed class StoppedClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    public void Advance(TimeSpan by) => _now += by;

    public override DateTimeOffset GetUtcNow() => _now;
}

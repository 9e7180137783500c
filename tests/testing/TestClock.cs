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

using Fleet.Agent.Configuration;

namespace Fleet.Agent.Polling;

/// <summary>What a visit looks at. Status and alerts are cheap and looked at each time.</summary>
[Flags]
public enum Look
{
    Status = 1,
    Supplies = 2,
    Meters = 4,
    Everything = Status | Supplies | Meters
}

/// <summary>When a device is visited next, and what for. Pure.</summary>
public sealed record Agenda(DateTimeOffset Status, DateTimeOffset Supplies, DateTimeOffset Meters)
{
    public static Agenda From(DateTimeOffset now) => new(now, now, now);

    public Look Due(DateTimeOffset now) =>
        (Status <= now ? Look.Status : 0) | (Supplies <= now ? Look.Status | Look.Supplies : 0) | (Meters <= now ? Look.Status | Look.Meters : 0);

    /// <summary>Steps from the hour agreed, not from when the visit ended, so that nothing drifts; what was missed meanwhile is not made up for.</summary>
    public Agenda After(Look done, DateTimeOffset now, Cadence every) => new(
        Step(Status, done.HasFlag(Look.Status), now, every.Alerts),
        Step(Supplies, done.HasFlag(Look.Supplies), now, every.Supplies),
        Step(Meters, done.HasFlag(Look.Meters), now, every.Meters));

    public DateTimeOffset Next => new[] { Status, Supplies, Meters }.Min();

    private static DateTimeOffset Step(DateTimeOffset due, bool done, DateTimeOffset now, TimeSpan every) =>
        !done ? due : due + (every * Math.Max(1, Math.Floor((now - due) / every) + 1));
}

using Fleet.Agent.Configuration;
using Fleet.Agent.Scheduling;

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
/// <param name="Begin">When it was first looked at, for everything and at once.</param>
/// <param name="Place">Its own among all devices, see <see cref="Cadence.Behind"/>.</param>
public sealed record Agenda(DateTimeOffset Begin, double Place, DateTimeOffset Status, DateTimeOffset Supplies, DateTimeOffset Meters)
{
    public static Agenda From(DateTimeOffset now, double place) => new(now, place, now, now, now);

    public Look Due(DateTimeOffset now) =>
        (Status <= now ? Look.Status : 0) | (Supplies <= now ? Look.Status | Look.Supplies : 0) | (Meters <= now ? Look.Status | Look.Meters : 0);

    /// <summary>What was done is due again at the first turn from now on; what was missed meanwhile is not made up for.</summary>
    public Agenda After(Look done, DateTimeOffset now, Cadence every) => this with
    {
        Status = done.HasFlag(Look.Status) ? Turn(every, every.Alerts, now) : Status,
        Supplies = done.HasFlag(Look.Supplies) ? Turn(every, every.Supplies, now) : Supplies,
        Meters = done.HasFlag(Look.Meters) ? Turn(every, every.Meters, now) : Meters
    };

    public DateTimeOffset Next => new[] { Status, Supplies, Meters }.Min();

    private DateTimeOffset Turn(Cadence every, Schedule one, DateTimeOffset now) => one.After(now, Begin, every.Behind(one, Place));
}

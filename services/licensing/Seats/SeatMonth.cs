using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Fleet.EventStore;

namespace Fleet.Licensing.Seats;

/// <summary>
/// Stream <c>seats/{tenant}/{month}</c>: which devices reported in a month. A stream of its own per month, so that its state stays one
/// month's devices however long the tenant stays.
/// </summary>
public abstract record SeatEvent
{
    /// <param name="Seats">Seats taken in the month, with this one.</param>
    /// <param name="At">The device's first report of the month that came here.</param>
    public sealed record SeatTaken(string DeviceId, string Month, long Seats, DateTimeOffset At) : SeatEvent;
}

public sealed record SeatMonth(ImmutableHashSet<string> Devices)
{
    public static readonly SeatMonth Empty = new(ImmutableHashSet.Create<string>(StringComparer.Ordinal));

    public static readonly StreamType<SeatMonth, SeatEvent> Stream = new("seats", Empty, Evolve)
    {
        Events = { ["seat_taken"] = typeof(SeatEvent.SeatTaken) },
        Snapshot = true,
    };

    public static string Key(string tenant, string month) => $"seats/{tenant}/{month}";

    public static SeatMonth Evolve(SeatMonth seats, SeatEvent e) => e switch
    {
        SeatEvent.SeatTaken taken => new(seats.Devices.Add(taken.DeviceId)),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}")
    };
}

/// <summary>A calendar month in UTC, <c>yyyy-MM</c>.</summary>
public static class Month
{
    public static string Of(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}

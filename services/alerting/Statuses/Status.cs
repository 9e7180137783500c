// stream status/{device}: what the device last said is wrong with it
using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Alerting.Statuses;

public abstract record StatusEvent
{
    /// <param name="Errors">All that hold now; names of RFC 2790 hrPrinterDetectedErrorState, and <c>unreachable</c>.</param>
    public sealed record Changed(IReadOnlyList<string> Errors, DateTimeOffset At) : StatusEvent;
}

/// <param name="AsOf">When the device said so.</param>
public sealed record Status(IReadOnlyList<string> Errors, DateTimeOffset AsOf)
{
    public static readonly Status Unknown = new([], DateTimeOffset.MinValue);

    public static readonly StreamType<Status, StatusEvent> Stream = new("status", Unknown, Evolve)
    {
        Snapshot = true,
        Events = { ["status_changed"] = typeof(StatusEvent.Changed) },
    };

    public static string Key(string device) => $"status/{device}";

    public static Status Evolve(Status status, StatusEvent e) => e switch
    {
        StatusEvent.Changed changed => new(changed.Errors, changed.At),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

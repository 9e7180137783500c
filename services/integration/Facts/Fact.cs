// stream feed/{type}: everything of one type that the other services made public about a tenant, as it came
using System.Diagnostics;
using System.Text.Json;
using Fleet.EventStore;

namespace Fleet.Integration.Facts;

/// <summary>A public fact as an outsider may see it. Stored once, under its own id; its position is the store's sequence.</summary>
public abstract record FactEvent
{
    /// <param name="Type">CloudEvents type: <c>fleet.telemetry.device-described.v1</c>.</param>
    /// <param name="Source">CloudEvents source: <c>/fleet/telemetry</c>.</param>
    /// <param name="Subject">What it is about: a device's, alert's or invoice's id; null when it is about the tenant.</param>
    /// <param name="Time">When it happened, not when we heard of it.</param>
    /// <param name="Data">The public message.</param>
    public sealed record Recorded(string Type, string Source, string? Subject, DateTimeOffset Time, JsonElement Data) : FactEvent;
}

/// <summary>Nothing is decided on a feed: it only grows.</summary>
public sealed record Feed
{
    public static readonly Feed Only = new();

    public static readonly StreamType<Feed, FactEvent> Stream = new("feed", Only, Evolve)
    {
        Events = { ["fact_recorded"] = typeof(FactEvent.Recorded) },
    };

    public static string Key(string type) => $"feed/{type}";

    public static Feed Evolve(Feed feed, FactEvent e) => e switch
    {
        FactEvent.Recorded => feed,
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

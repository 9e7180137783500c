using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Telemetry.Consents;

public abstract record ConsentEvent
{
    /// <summary>The consent service said what a tenant allows, whole.</summary>
    /// <param name="Version">Of the consent service's own stream; the order of these facts.</param>
    public sealed record Learned(
        long Version, IReadOnlyList<Span> Purposes, IReadOnlyList<Span> FieldGroups, DateTimeOffset At) : ConsentEvent;
}

/// <param name="From">Inclusive.</param>
/// <param name="Until">Exclusive; null while it stands.</param>
public sealed record Span(string Name, DateTimeOffset From, DateTimeOffset? Until)
{
    public bool Holds(DateTimeOffset at) => From <= at && (Until is null || at < Until);
}

/// <summary>What the gate knows of a tenant's consents.</summary>
public sealed record Consent(long Version, IReadOnlyList<Span> Purposes, IReadOnlyList<Span> FieldGroups)
{
    public static readonly Consent None = new(0, [], []);

    public static readonly StreamType<Consent, ConsentEvent> Stream = new("known_consent", None, Evolve)
    {
        Snapshot = true,
        Events = { ["consent_learned"] = typeof(ConsentEvent.Learned) },
    };

    public static string StreamKey(string tenant) => $"consent/{tenant}";

    public bool Allows(string purpose, DateTimeOffset at) => Purposes.Any(span => span.Name == purpose && span.Holds(at));

    public bool Covers(string fieldGroup, DateTimeOffset at) => FieldGroups.Any(span => span.Name == fieldGroup && span.Holds(at));

    public static Consent Evolve(Consent consent, ConsentEvent e) => e switch
    {
        ConsentEvent.Learned learned => new(learned.Version, learned.Purposes, learned.FieldGroups),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

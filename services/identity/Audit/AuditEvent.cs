using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Identity.Audit;

/// <summary>What is worth auditing and happens to nobody in particular who has a stream.</summary>
public abstract record AuditEvent
{
    /// <param name="Client">Null for one that is not registered: what a stranger types is not kept.</param>
    /// <param name="Grant">The grant type it asked for, when it is one of ours.</param>
    /// <param name="Error">RFC 6749 §5.2.</param>
    /// <param name="Times">How often since it was last written; somebody who hammers at the door fills no disk.</param>
    public sealed record TokenRefused(string? Client, string? Grant, string Error, int Times, DateTimeOffset At) : AuditEvent;
}

/// <summary>Refusals, one stream per house.</summary>
public sealed record Refusals
{
    public const string Key = "audit/refusals";

    public static readonly Refusals None = new();

    public static readonly StreamType<Refusals, AuditEvent> Stream = new("audit", None, Evolve)
    {
        Events = { ["token_refused"] = typeof(AuditEvent.TokenRefused) },
    };

    public static Refusals Evolve(Refusals refusals, AuditEvent e) => e switch
    {
        AuditEvent.TokenRefused => refusals,
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

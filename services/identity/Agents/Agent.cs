using System.Diagnostics;
using System.Text.Json.Serialization;
using Fleet.EventStore;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Agents;

public abstract record AgentEvent
{
    /// <summary>A person let it in, under this key and no other. Again after a revocation, or when it lost its tokens: same key, same agent.</summary>
    /// <param name="X">With <paramref name="Y"/> the public half of its key, base64url.</param>
    /// <param name="By">Subject of the token it was done with.</param>
    public sealed record Enrolled(string Site, string X, string Y, string By, DateTimeOffset At) : AgentEvent;

    /// <summary>It has its first tokens.</summary>
    /// <param name="Refresh"><see cref="RefreshToken.HashOf"/>; the token itself is nowhere.</param>
    public sealed record Connected(string Refresh, DateTimeOffset At) : AgentEvent;

    /// <summary>It has new ones, for the one it showed.</summary>
    public sealed record Renewed(string Refresh, string Shown, DateTimeOffset At) : AgentEvent;

    /// <param name="Reason"><c>by-hand</c>, <c>signed-out</c>, or <c>token-reuse</c>: a token was shown whose successor had been used, so two hold what one was given.</param>
    /// <param name="By">Who did it; null when nobody did.</param>
    /// <param name="Since">When it was let in.</param>
    public sealed record Revoked(
        string Reason, string? By, DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Since = null) : AgentEvent;
}

/// <summary>An agent that was enrolled by device code, and the one line of refresh tokens it may renew.</summary>
/// <param name="Key">Null: there is no such agent.</param>
/// <param name="Refresh">Hash of the newest refresh token, never shown yet; null while there is none.</param>
/// <param name="Before">Hash of the one it was given for.</param>
/// <param name="Since">When it was let in, the last time.</param>
public sealed record Agent(string? Site, ProofKey? Key, string? Refresh, string? Before, DateTimeOffset LastToken, bool IsRevoked, DateTimeOffset Since = default)
{
    public static readonly Agent None = new(null, null, null, null, DateTimeOffset.MinValue, IsRevoked: false);

    public static readonly StreamType<Agent, AgentEvent> Stream = new("agent", None, Evolve)
    {
        Events =
        {
            ["agent_enrolled"] = typeof(AgentEvent.Enrolled),
            ["agent_connected"] = typeof(AgentEvent.Connected),
            ["agent_renewed"] = typeof(AgentEvent.Renewed),
            ["agent_revoked"] = typeof(AgentEvent.Revoked),
        },
        Snapshot = true, // grows by an event each quarter of an hour, and is read as often
    };

    public static string StreamKey(string agent) => $"agent/{agent}";

    public static string IdOf(string streamKey) => streamKey[StreamKey("").Length..];

    public static Agent Evolve(Agent agent, AgentEvent e) => e switch
    {
        AgentEvent.Enrolled enrolled => None with { Site = enrolled.Site, Key = new(enrolled.X, enrolled.Y), Since = enrolled.At },
        AgentEvent.Connected connected => agent with { Refresh = connected.Refresh, Before = null, LastToken = connected.At },
        AgentEvent.Renewed renewed => agent with { Refresh = renewed.Refresh, Before = renewed.Shown, LastToken = renewed.At },
        AgentEvent.Revoked => agent with { IsRevoked = true, Refresh = null, Before = null },
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

// an agent asks for its site's grant -> row site_agents -> Decide -> it holds the site, or another does
namespace Fleet.Consent.Grants;

/// <summary>
/// Which agent of a site gets its grant. One at a time: two would ask every printer twice and tell everything twice. It holds the site for as long as it goes on asking
/// for its grant; when it has not for <see cref="HoldSite.Silence"/>, the next one that asks takes over.
/// </summary>
/// <param name="Since">When it took the site.</param>
/// <param name="SeenAt">When it last asked.</param>
/// <param name="WaitingAt">When another agent last asked in vain; null when none ever did.</param>
public sealed record SiteHold(string Agent, DateTimeOffset Since, DateTimeOffset SeenAt, DateTimeOffset? WaitingAt);

public static class HoldSite
{
    /// <summary>An agent asks each half minute, and 10 s after a question that got no answer: this is several that did not come.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(70);

    // An agent that waits asks each half minute, too; one that was taken away is forgotten after a while.
    private static readonly TimeSpan StillWaiting = TimeSpan.FromMinutes(10);

    /// <param name="held">As it is; null when no agent ever asked at this site.</param>
    /// <returns>As it is from now on; the agent has the site when it is named there.</returns>
    public static SiteHold Decide(SiteHold? held, string agent, DateTimeOffset now) => held switch
    {
        null => new(agent, now, now, null),
        _ when held.Agent == agent => held with { SeenAt = now },
        _ when now - held.SeenAt < Silence => held with { WaitingAt = now },
        // The one it takes over from may come back: it is waited for like any other.
        _ => new(agent, now, now, now),
    };

    /// <summary>Whether another agent would take the site over.</summary>
    public static bool IsWaitedFor(this SiteHold held, DateTimeOffset now) => held.WaitingAt is { } at && now - at < StillWaiting;
}

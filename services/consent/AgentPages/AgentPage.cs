using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Consent.AgentPages;

/// <summary>Stream <c>agent-page/{tenant}</c>: whether consents may be given at the local pages of a tenant's agents.</summary>
public abstract record AgentPageEvent
{
    /// <param name="By">Subject of the token it was done with.</param>
    public sealed record Opened(string By, DateTimeOffset At) : AgentPageEvent;

    public sealed record Closed(string By, DateTimeOffset At) : AgentPageEvent;
}

/// <summary>Open unless the customer closed it; taking back a consent is possible there in any case.</summary>
public sealed record AgentPage(bool MayGrant)
{
    public static readonly AgentPage Untouched = new(MayGrant: true);

    public static readonly StreamType<AgentPage, AgentPageEvent> Stream = new("agent_page", Untouched, Evolve)
    {
        Events =
        {
            ["agent_page_opened"] = typeof(AgentPageEvent.Opened),
            ["agent_page_closed"] = typeof(AgentPageEvent.Closed),
        },
    };

    public static string Key(string tenant) => $"agent-page/{tenant}";

    public static AgentPage Evolve(AgentPage page, AgentPageEvent e) => e switch
    {
        AgentPageEvent.Opened => new(MayGrant: true),
        AgentPageEvent.Closed => new(MayGrant: false),
        _ => throw new UnreachableException($"No fold for {e.GetType().Name}"),
    };
}

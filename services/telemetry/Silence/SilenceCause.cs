namespace Fleet.Telemetry.Silence;

/// <summary>What is known of why nothing is heard. Stored and announced.</summary>
public static class SilenceCause
{
    /// <summary>No agent of its site speaks.</summary>
    public const string SiteDark = "site-dark";

    /// <summary>Its agent speaks, and says that it does not answer.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Its agent speaks, and says nothing of it.</summary>
    public const string NotHeard = "not-heard";

    /// <summary>Of an agent: another one of its site speaks.</summary>
    public const string AgentDown = "agent-down";
}

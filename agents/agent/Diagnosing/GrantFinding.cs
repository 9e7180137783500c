namespace Fleet.Agent.Diagnosing;

/// <summary>What is found of a grant, whoever asked for it.</summary>
internal static class GrantFinding
{
    public static readonly Finding Nothing = new("grant", "nothing may be asked of any device", "the customer grants a purpose and field groups, and switches none of them off at this site; until then the agent stays silent, as it must");

    public static Finding Held(string by) => new("grant", $"{by} reports from this site; this agent waits, asks nothing, and takes over within two minutes when that one falls silent");

    /// <param name="words">The field groups.</param>
    public static Finding Open(string words) => new("grant", $"devices may be asked for {words}");
}

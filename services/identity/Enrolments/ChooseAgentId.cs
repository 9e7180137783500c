using System.Globalization;
using Fleet.Defaults;

namespace Fleet.Identity.Enrolments;

/// <summary>An agent of the tenant, as far as choosing an id goes.</summary>
public sealed record KnownAgent(string AgentId, string Site, string KeyId);

/// <summary>
/// Which agent a key is let in as. A key is one agent for ever, so whoever comes back with it (revoked, or its tokens lost) is the agent it was: its numbered, chained batches go on. Every other key
/// gets an id nobody has had.
/// </summary>
public static class ChooseAgentId
{
    /// <param name="wanted">Null: <c>{tenant}-{site}</c>, or the first of <c>-2</c>, <c>-3</c>, … that is free.</param>
    /// <param name="clients">Ids of agents that log in with a secret.</param>
    public static (string? AgentId, Refusal? Refusal) Decide(string? wanted, string tenant, string site, string keyId, IReadOnlyCollection<KnownAgent> agents, IReadOnlySet<string> clients)
    {
        if (wanted is not null && !Slug.Holds(wanted))
            return (null, Refusal.Invalid("agent-id", $"'{wanted}' cannot be an agent's id: {Slug.Rule}."));
        if (agents.FirstOrDefault(agent => agent.KeyId == keyId) is { } same)
            return same.Site == site && (wanted ?? same.AgentId) == same.AgentId
                ? (same.AgentId, null)
                : (null, Refusal.Conflict("key-taken", $"This key is agent '{same.AgentId}' of site '{same.Site}' for ever; an agent for another place needs a state directory of its own."));

        var taken = agents.Select(agent => agent.AgentId).Concat(clients).ToHashSet();
        if (wanted is not null)
            return taken.Contains(wanted) ? (null, Refusal.Conflict("agent-id-taken", $"There is, or was, another agent '{wanted}'; choose another id, or none.")) : (wanted, null);
        var free = Enumerable.Range(1, taken.Count + 1).Select(n => n == 1 ? $"{tenant}-{site}" : string.Create(CultureInfo.InvariantCulture, $"{tenant}-{site}-{n}")).First(id => !taken.Contains(id));
        return Slug.Holds(free) ? (free, null) : (null, Refusal.Invalid("agent-id", $"'{free}' is too long for an agent's id; name one ({Slug.Rule})."));
    }
}

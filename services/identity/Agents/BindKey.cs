// POST /oauth/token, client_credentials of an agent, header DPoP -> Decide -> stream agent/{id} -> AgentEnrolled
using Fleet.Defaults;
using Fleet.Identity.Clients;
using Fleet.Identity.Proofs;

namespace Fleet.Identity.Agents;

/// <summary>
/// An agent the operator let in with a client's secret instead of a person's word: the first key it shows is its own from then on, as if it had been enrolled with it. A secret alone speaks for nobody at the gate,
/// and whoever has copied one cannot take the agent's place with another key.
/// </summary>
public static class BindKey
{
    /// <param name="key">That the caller has proved to hold; null: it showed none.</param>
    public static Decision<AgentEvent> Decide(Standing standing, string clientId, ProofKey? key, Agent agent, DateTimeOffset now) => agent switch
    {
        { IsRevoked: true } => Refusal.Invalid("invalid_grant", "The agent was revoked: it has to be enrolled by a person."),
        { Key: null } when key is null => Decision<AgentEvent>.Nothing,
        { Key: null } => new AgentEvent.Enrolled(standing.Site!, key.X, key.Y, clientId, now),
        _ when agent.Key != key || agent.Site != standing.Site =>
            Refusal.Invalid("invalid_grant", $"The agent has the key {agent.Key!.Id}, at site '{agent.Site}', and shows {(key is null ? "none" : $"{key.Id} for '{standing.Site}'")}: if its state was lost, revoke it and enrol it again."),
        _ => Decision<AgentEvent>.Nothing,
    };
}

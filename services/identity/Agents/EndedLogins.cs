// agent_revoked -> rows ended_logins -> CloseConnections
using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;

namespace Fleet.Identity.Agents;

/// <summary>A name no connection may have at the broker any more.</summary>
/// <param name="EndedAt">Tokens with it were given until then.</param>
public sealed record EndedLoginRow(string Login, DateTimeOffset EndedAt);

public static class EndedLogins
{
    public static readonly View<EndedLoginRow> View = new("ended_logins", 1, Keys, Evolve) { Lifecycle = ViewLifecycle.Inline };

    private static IEnumerable<string> Keys(IEvent e) => e.Data is AgentEvent.Revoked { Since: { } since } ? [EdgeAccess.Login(e.TenantId, Agent.IdOf(e.StreamKey), since)] : [];

    private static EndedLoginRow? Evolve(EndedLoginRow? row, IEvent e, string key) => e.Data is AgentEvent.Revoked revoked ? new(key, revoked.At) : row;
}

using Fleet.Telemetry.Agents;

namespace Fleet.Telemetry.Silence;

// any batch of an agent, its own word -> Decide -> stream agent/{site}/{agent}: its silence is over
public static class HearAgent
{
    public static IReadOnlyList<AgentEvent> Decide(Agent agent, DateTimeOffset now) => agent.SilentSince is null ? [] : [new AgentEvent.SpokeAgain(now)];
}

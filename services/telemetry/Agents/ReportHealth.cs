using Fleet.Contracts.Edge.V1;

namespace Fleet.Telemetry.Agents;

// edge agent-health -> Decide -> stream agent/{site}/{agent} -> Agents -> GET /api/v1/agents
public static class ReportHealth
{
    public static IReadOnlyList<AgentEvent> Decide(AgentHealth health, DateTimeOffset at) =>
    [
        new AgentEvent.HealthReported(
            health.Version, health.UptimeSeconds, health.Devices, health.Accepted, health.Sent, health.Kept, health.Refused, at, health.StandbyFor),
    ];
}

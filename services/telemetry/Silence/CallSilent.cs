using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Silence;

// the clock + what was heard -> Decide -> streams agent/{site}/{agent}, device/{id} -> Agents, Devices; telemetry.DeviceStatusChanged
/// <summary>Who should have spoken by now, and did not. One event per silence.</summary>
public static class CallSilent
{
    /// <param name="othersSpeak">Another agent of its site was heard in time.</param>
    public static IReadOnlyList<AgentEvent> Decide(Agent agent, bool othersSpeak, Deadlines deadlines, DateTimeOffset now) => agent switch
    {
        { HeardAt: null } or { SilentSince: not null } => [],
        // Cut off by a person: it may not speak any more.
        { Keys: { IsEmpty: false } keys } when keys.All(key => key.RevokedAt is not null) => [],
        { HeardAt: { } heard } when now < heard + deadlines.Agent => [],
        { HeardAt: { } heard } => [new AgentEvent.FellSilent(othersSpeak ? SilenceCause.AgentDown : SilenceCause.SiteDark, heard, now)],
    };

    /// <param name="seenAt">When it last answered its agent.</param>
    /// <param name="siteSpeaks">An agent of its site was heard in time.</param>
    public static IReadOnlyList<DeviceEvent> Decide(Device device, DateTimeOffset seenAt, bool siteSpeaks, Deadlines deadlines, DateTimeOffset now) =>
        device is not { Card: not null, SilentSince: null, Standing: { MergedInto: null, RetiredAt: null } } || now < seenAt + deadlines.Device
            ? []
            : [new DeviceEvent.FellSilent(!siteSpeaks ? SilenceCause.SiteDark : device.Status?.Device == "unreachable" ? SilenceCause.Unreachable : SilenceCause.NotHeard, seenAt, now)];
}

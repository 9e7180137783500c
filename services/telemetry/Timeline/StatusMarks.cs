using System.Globalization;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Silence;

namespace Fleet.Telemetry.Timeline;

/// <summary>From a time on a device is in another state; key <c>{device}/{ticks}/{version}</c>.</summary>
/// <param name="State">A name of <see cref="DeviceState"/>; null: as before it was retired.</param>
public sealed record StatusMark(string TenantId, string Key, string DeviceId, DateTimeOffset At, long Version, string? State);

public static class StatusMarks
{
    public static readonly View<StatusMark> View = new("status_marks", version: 1, Keys, Evolve) { AppendOnly = true, Indexes = ["device_id, at"] };

    private static IEnumerable<string> Keys(IEvent e) => Of(e) is { } mark
        ? [string.Create(CultureInfo.InvariantCulture, $"{Device.IdOf(e)}/{mark.At.UtcTicks:D19}/{e.Version:D9}")]
        : [];

    private static StatusMark? Evolve(StatusMark? before, IEvent e, string key) =>
        Of(e) is { } mark ? new(e.TenantId, key, Device.IdOf(e), mark.At, e.Version, mark.State) : before;

    // A silence began when it was last seen, not when it was found out. Of a dark site nobody knows what its devices do.
    private static (DateTimeOffset At, string? State)? Of(IEvent e) => e.Data switch
    {
        DeviceEvent.StatusChanged changed => (changed.At, DeviceState.Of(changed.Status)),
        DeviceEvent.FellSilent silent => (silent.LastSeenAt, silent.Cause == SilenceCause.SiteDark ? DeviceState.Unknown : DeviceState.Unreachable),
        DeviceEvent.SpokeAgain spoke => (spoke.At, spoke.Status is { } status ? DeviceState.Of(status) : DeviceState.Unknown),
        DeviceEvent.Retired retired => (retired.At, DeviceState.Retired),
        DeviceEvent.Returned returned => (returned.At, null),
        _ => null,
    };
}

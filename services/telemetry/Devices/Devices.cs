using Fleet.EventStore;

namespace Fleet.Telemetry.Devices;

/// <summary>A device as the fleet list shows it; when it was last seen stands in its <see cref="Presence"/>.</summary>
/// <param name="Key">The device's id.</param>
/// <param name="Counters">Of the newest reading.</param>
/// <param name="Name">As it is sorted by; empty when it tells none. So is the model.</param>
/// <param name="MergedInto">The device whose events go on for it.</param>
public sealed record DeviceRow(
    string TenantId,
    string Key,
    DeviceCard Card,
    string SiteId,
    string? Status,
    DeviceStatus? State,
    DateTimeOffset? StatusAt,
    DateTimeOffset RegisteredAt,
    IReadOnlyList<Counter> Counters,
    DateTimeOffset? CountersAt,
    string SearchText,
    string Name,
    string Model,
    string? MergedInto,
    DateTimeOffset? RetiredAt,
    DateTimeOffset? SilentSince,
    string? SilentCause,
    IReadOnlyList<DeviceConflict> Conflicts);

/// <summary>One row per device, key its id.</summary>
public static class Devices
{
    public static readonly View<DeviceRow> View = new("devices", version: 3, e => e.Data is DeviceEvent ? [Device.IdOf(e)] : [], Evolve)
    {
        Indexes = ["status", "site_id", "name, key", "model, key"],
    };

    public static DeviceRow? Evolve(DeviceRow? row, IEvent e, string key) => (e.Data, row) switch
    {
        (DeviceEvent.Registered registered, null) => Shown(New(e, key, registered), registered.Card),
        (DeviceEvent.SplitOff split, null) => Shown(New(e, key, new(new(split.SiteId), split.At)), new(split.SiteId)),
        (DeviceEvent.Described described, { }) => Shown(row, described.Card),
        (DeviceEvent.StatusChanged changed, { }) => row with { Status = changed.Status.Device, State = changed.Status, StatusAt = changed.At },
        (DeviceEvent.MeterRead read, { }) => read.ObservedAt < row.CountersAt ? row : row with { Counters = read.Counters, CountersAt = read.ObservedAt },
        (DeviceEvent.Merged merged, { }) => row with { MergedInto = merged.Into },
        (DeviceEvent.Unmerged, { }) => row with { MergedInto = null },
        (DeviceEvent.Retired retired, { }) => row with { RetiredAt = retired.At },
        (DeviceEvent.Returned, { }) => row with { RetiredAt = null },
        (DeviceEvent.FellSilent silent, { }) => row with { SilentSince = silent.LastSeenAt, SilentCause = silent.Cause },
        (DeviceEvent.SpokeAgain, { }) => row with { SilentSince = null, SilentCause = null },
        (DeviceEvent.ConflictFound or DeviceEvent.ConflictSettled or DeviceEvent.Joined, { }) => row with
        {
            Conflicts = Standing.Evolve(Standing.New with { Conflicts = [.. row.Conflicts] }, (DeviceEvent)e.Data).Conflicts,
        },
        _ => row,
    };

    private static DeviceRow New(IEvent e, string key, DeviceEvent.Registered registered) =>
        new(e.TenantId, key, registered.Card, registered.Card.SiteId, null, null, null, registered.At, [], null, "", "", "", null, null, null, null, []);

    private static DeviceRow Shown(DeviceRow row, DeviceCard card) => row with
    {
        Card = card,
        SiteId = card.SiteId,
        Name = card.Name ?? "",
        Model = card.Model ?? "",
        SearchText = string.Join(' ',
            new[] { row.Key, card.Manufacturer, card.Model, card.Serial, card.Name, card.Location, card.Address, card.Mac }.Where(t => t is not null)).ToLowerInvariant(),
    };
}

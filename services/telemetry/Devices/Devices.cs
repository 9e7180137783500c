using Fleet.EventStore;

namespace Fleet.Telemetry.Devices;

/// <summary>A device as the fleet list shows it; when it was last seen stands in its <see cref="Presence"/>.</summary>
/// <param name="Key">The device's id.</param>
/// <param name="Counters">Of the newest reading.</param>
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
    string SearchText);

/// <summary>One row per device, key its id.</summary>
public static class Devices
{
    public static readonly View<DeviceRow> View = new("devices", version: 2, e => e.Data is DeviceEvent ? [Device.IdOf(e)] : [], Evolve)
    {
        Indexes = ["status", "site_id"],
    };

    public static DeviceRow? Evolve(DeviceRow? row, IEvent e, string key) => (e.Data, row) switch
    {
        (DeviceEvent.Registered registered, null) => Shown(New(e, key, registered), registered.Card),
        (DeviceEvent.Described described, { }) => Shown(row, described.Card),
        (DeviceEvent.StatusChanged changed, { }) => row with { Status = changed.Status.Device, State = changed.Status, StatusAt = changed.At },
        (DeviceEvent.MeterRead read, { }) => read.ObservedAt < row.CountersAt ? row : row with { Counters = read.Counters, CountersAt = read.ObservedAt },
        _ => row,
    };

    private static DeviceRow New(IEvent e, string key, DeviceEvent.Registered registered) =>
        new(e.TenantId, key, registered.Card, registered.Card.SiteId, null, null, null, registered.At, [], null, "");

    private static DeviceRow Shown(DeviceRow row, DeviceCard card) => row with
    {
        Card = card,
        SiteId = card.SiteId,
        SearchText = string.Join(' ',
            new[] { row.Key, card.Manufacturer, card.Model, card.Serial, card.Name, card.Location, card.Address, card.Mac }.Where(t => t is not null)).ToLowerInvariant(),
    };
}

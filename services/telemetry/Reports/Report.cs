using System.Runtime.CompilerServices;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Supplies;

namespace Fleet.Telemetry.Reports;

/// <summary>What can be taken out of the fleet as a table.</summary>
/// <param name="Name">Stable: scripts ask for it.</param>
/// <param name="Right">What its rows need wherever they are read; the purposes follow from it.</param>
/// <param name="Columns">Names, stable, in the order of the cells.</param>
/// <param name="Rows">Devices of one page → cells: text, long, decimal, double, bool, <see cref="DateTimeOffset"/> or null.</param>
public sealed record Report(string Name, Right Right, string Title, IReadOnlyList<string> Columns, Func<DevicePage, IEnumerable<object?[]>> Rows)
{
    // Devices of a page: what a report holds in memory, however long it is.
    private const int PageSize = 1000;

    private static readonly string[] Who = ["device", "site", "manufacturer", "model", "serial", "name", "location"];

    public static readonly IReadOnlyList<Report> All =
    [
        new("meters", Right.ReadMeters, "The newest count of each counter of each device", [.. Who, "counter", "count", "unit", "observedAt"], page =>
            from device in page.Devices from counter in device.Counters select (object?[])[.. Of(device), counter.Name, counter.Value, counter.Unit, device.CountersAt]),
        new("supplies", Right.ReadFleet, "Each supply of each device, and how long it will last",
        [
            .. Who, "slot", "description", "type", "color", "part", "supplySerial", "gauge", "percent", "percentLow", "percentHigh", "changedAt", "installedAt", "replacements", "lastReplacedWithPercent",
            "lastReplacementPremature", "percentPerDay", "daysLeft", "daysLow", "daysHigh", "emptyAt", "whyNoForecast",
        ], page => from device in page.Devices from supply in page.Supplies[device.Key] select (object?[])[.. Of(device), .. Of(supply, page.Now)]),
        new("devices", Right.ReadFleet, "Each device: what it is, where it is, how it is",
            [.. Who, "address", "mac", "firmware", "status", "errors", "statusAt", "registeredAt", "lastSeenAt"], page => from device in page.Devices select Whole(device, page)),
        new("silent", Right.ReadFleet, "Devices that have not been seen for some days",
            [.. Who, "status", "lastSeenAt", "daysSilent", "silentSince", "silentCause"], page =>
            from device in page.Devices
            let seen = page.Seen.TryGetValue(device.Key, out var at) ? at : (DateTimeOffset?)null
            where (seen ?? device.RegisteredAt) <= page.Now.AddDays(-page.SilentDays)
            select (object?[])[.. Of(device), device.Status, seen, Math.Floor((page.Now - (seen ?? device.RegisteredAt)).TotalDays), device.SilentSince, device.SilentCause]),
    ];

    /// <summary>All rows with these columns only, a page of devices at a time; without devices that are retired, or have become part of another.</summary>
    /// <param name="picked">Indexes of <see cref="Columns"/>.</param>
    public async IAsyncEnumerable<object?[]> ReadAsync(
        ModuleContext module, string tenant, IReadOnlyList<int> picked, int silentDays, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var session = module.Store.QuerySession(tenant);
        var now = module.Clock.GetUtcNow();
        string? last = null;
        do
        {
            var devices = await session.QueryAsync<DeviceRow>(
                "where tenant_id = @tenant and merged_into is null and retired_at is null and (@last::text is null or key > @last) order by key limit @size", new { tenant, last, size = PageSize }, cancel);
            var keys = devices.Select(device => device.Key).ToArray();
            var page = new DevicePage(
                devices,
                Name is "supplies" ? await SuppliesAsync(session, tenant, keys, cancel) : Enumerable.Empty<SupplyRow>().ToLookup(row => row.DeviceId),
                Name is "devices" or "silent" ? await Presences.LastSeenAsync(session, tenant, keys, cancel) : new Dictionary<string, DateTimeOffset>(),
                silentDays, now);
            foreach (var row in Rows(page))
                yield return [.. picked.Select(column => row[column])];
            last = devices.Count < PageSize ? null : keys[^1];
        }
        while (last is not null);
    }

    private static async Task<ILookup<string, SupplyRow>> SuppliesAsync(QuerySession session, string tenant, string[] keys, CancellationToken cancel) =>
        (await session.QueryAsync<SupplyRow>("where tenant_id = @tenant and device_id = any (@keys) and removed_at is null", new { tenant, keys }, cancel))
            .OrderBy(row => row.Slot, SlotOrder.Instance).ToLookup(row => row.DeviceId);

    private static object?[] Of(DeviceRow d) => [d.Key, d.SiteId, d.Card.Manufacturer, d.Card.Model, d.Card.Serial, d.Card.Name, d.Card.Location];

    private static object?[] Whole(DeviceRow d, DevicePage page) =>
    [
        .. Of(d), d.Card.Address, d.Card.Mac, d.Card.Firmware, d.Status, string.Join(' ', d.State?.Errors ?? []), d.StatusAt, d.RegisteredAt,
        page.Seen.TryGetValue(d.Key, out var at) ? at : null,
    ];

    private static object?[] Of(SupplyRow row, DateTimeOffset now)
    {
        var (s, forecast) = (SupplyAnswer.Of(row, null, now), SupplyAnswer.ForecastOf(row, now));
        return
        [
            s.Slot, s.Description, s.Type, s.Color, s.Part, s.Serial, s.Gauge, s.Percent, s.PercentLow, s.PercentHigh, s.ChangedAt, s.InstalledAt, (long)s.Replacements, s.LastReplacement?.PercentLeft,
            s.LastReplacement?.Premature, forecast.PercentPerDay, forecast.DaysLeft, forecast.DaysLow, forecast.DaysHigh, forecast.EmptyAt, forecast.WhyNot,
        ];
    }
}

/// <summary>A page of devices with what their report needs of them.</summary>
public sealed record DevicePage(
    IReadOnlyList<DeviceRow> Devices, ILookup<string, SupplyRow> Supplies, IReadOnlyDictionary<string, DateTimeOffset> Seen, int SilentDays, DateTimeOffset Now);

using Fleet.EventStore;
using Fleet.Telemetry.Meters;

namespace Fleet.Telemetry.Supplies;

/// <summary>Pages a device counted while a supply was used, from the readings nearest before: kept nowhere else, so that they need no consent of their own here.</summary>
public static class PagesOfDevice
{
    /// <summary>Slot → pages between the first percentage told of its supply and the newest; null where the counter was not known or ran backwards.</summary>
    public static async Task<IReadOnlyDictionary<string, long?>> WhileUsedAsync(
        QuerySession session, string t, string device, IReadOnlyList<SupplyRow> rows, CancellationToken cancel)
    {
        var times = rows.Where(row => row is { First: not null, Use: not null }).SelectMany(row => new[] { row.First!.At, row.Use!.At }).Distinct().ToList();
        var readings = times.Count == 0 ? [] : await session.QueryAsync<ReadingRow>(
            """
            where tenant_id = @t and key in (
                select (select max(r.key) from {readings} r where r.tenant_id = @t and r.key >= @device || '/' and r.key < until) from unnest(@untils) until)
            """,
            new { t, device, untils = times.Select(at => $"{device}/{Readings.Moment(at.AddTicks(10))}").ToArray() }, cancel);
        return rows.ToDictionary(row => row.Slot, row => row is { First: { } first, Use: { } use } && At(use.At) - At(first.At) is >= 0 and var pages ? pages : (long?)null);

        long? At(DateTimeOffset at) => readings.Where(r => r.ObservedAt <= at).MaxBy(r => r.ObservedAt) is { } reading ? Total(reading.Counters) : null;
    }

    /// <summary>Percent of the supply for each thousand pages; null before it has fallen or a page was counted.</summary>
    public static decimal? Per1000(SupplyRow row, long? pages) =>
        row is { First: { } first, Use: { } use } && pages > 0 && first.Percent > use.Percent ? decimal.Round((first.Percent - use.Percent) * 1000 / pages.Value, 3) : null;

    private static long? Total(IReadOnlyList<Devices.Counter> counters) =>
        (counters.FirstOrDefault(c => c.Name == "total") ?? counters.FirstOrDefault(c => c.Name == "life"))?.Value;
}

using System.Globalization;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;

namespace Fleet.Telemetry.Meters;

/// <param name="Week">The days' closing counts, as <see cref="MeterWeek"/> writes them.</param>
public sealed record DailyMetersRow(byte[] Week);

/// <summary>
/// One row per device and week, key <c>{device}/{weeks since Monday, 3 January 2000}</c>: the last count of each counter on each day. Days are UTC. The pages of a day are not in it:
/// they follow from closing counts and epochs, see <see cref="CountDays"/>.
/// </summary>
public static class DailyMeters
{
    public static readonly View<DailyMetersRow> View = new("daily_meters", version: 1, KeysOf, Evolve);

    public static string Key(string device, DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{device}/{MeterWeek.NumberOf(day):D4}");

    public static int WeekOf(string key) => int.Parse(key.AsSpan(key.LastIndexOf('/') + 1), CultureInfo.InvariantCulture);

    private static IEnumerable<string> KeysOf(IEvent e) => e.Data switch
    {
        DeviceEvent.MeterRead { Late: false } read => [Key(Device.IdOf(e), DayOf(read))],
        MeterEvent.Restated restated => restated.Days.Select(day => Key(Device.IdOf(e), day.Day)).Distinct(),
        _ => [],
    };

    public static DailyMetersRow? Evolve(DailyMetersRow? row, IEvent e, string key)
    {
        var week = row is null ? new() : MeterWeek.Read(row.Week);
        switch (e.Data)
        {
            // In the order of observation: the last of a day is its closing. Of a late one a Restated says what it changed.
            case DeviceEvent.MeterRead read:
                foreach (var counter in read.Counters.Where(c => read.Ignored?.Contains(c.Name) != true))
                    week.Close(DayOf(read), counter.Name, counter.Value);
                break;
            case MeterEvent.Restated restated:
                foreach (var day in restated.Days.Where(day => Key(Device.IdOf(e), day.Day) == key))
                    week[day.Day] = new(day.Counts.ToDictionary(), StringComparer.Ordinal);
                break;
        }
        return new(week.Write());
    }

    private static DateOnly DayOf(DeviceEvent.MeterRead read) => DateOnly.FromDateTime(read.ObservedAt.UtcDateTime);
}

using System.ComponentModel;
using Fleet.Defaults;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Meters;

/// <summary>What a device's counters did day by day.</summary>
/// <param name="TimeZone">Whose days these are: <c>UTC</c>. The site's own zone is not known here.</param>
/// <param name="Items">Days with a reading, the oldest first.</param>
public sealed record DailyMetersAnswer(string TimeZone, DateOnly From, DateOnly To, IReadOnlyList<MeterDay> Items);

// daily_meters, counter_epochs, reading_judgements -> CountDays -> GET …/devices/{id}/meters
public static class DailyMeterRoutes
{
    private const int UsualDays = 31, MostDays = 400;

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{t}/devices/{id}/meters", async (
            string t, string id,
            [Description("First day, UTC; a month before `to` when left out.")] DateOnly? from,
            [Description("Last day, UTC; today when left out.")] DateOnly? to,
            CancellationToken cancel) =>
        {
            var end = to ?? DateOnly.FromDateTime(module.Clock.GetUtcNow().UtcDateTime);
            var begin = from ?? (end.DayNumber > UsualDays ? end.AddDays(1 - UsualDays) : DateOnly.MinValue);
            if (begin > end || end.DayNumber - begin.DayNumber >= MostDays)
                return Refusal.Invalid("days", $"'from' is after 'to', or they are more than {MostDays} days apart.").ToResult();
            await using var session = module.Store.QuerySession(t);
            if (await session.LoadAsync<DeviceRow>(t, id, cancel) is null)
                return DeviceRoutes.Unknown(id).ToResult();
            var keys = new { t, first = $"{id}/", end = $"{id}0" };
            // From its first day on, a row a week: what was closed before decides what the first day asked for counts.
            var weeks = await session.QueryKeyedAsync<DailyMetersRow>("where tenant_id = @t and key >= @first and key < @end order by key", keys, cancel);
            var judged = await session.QueryAsync<ReadingJudgement>("where tenant_id = @t and key >= @first and key < @end order by key", keys, cancel);
            var days = CountDays.Decide(
                weeks.SelectMany(week => DaysOf(DailyMeters.WeekOf(week.Key), week.Row)).Where(day => day.Day <= end),
                CounterEpoch.Of(await CounterEpochs.OfAsync(session, t, id, cancel)),
                judged.SelectMany(j => Standing(j).Select(c => (j.ObservedAt, c))).ToLookup(c => DateOnly.FromDateTime(c.ObservedAt.UtcDateTime), c => c.c));
            return Results.Ok(new DailyMetersAnswer("UTC", begin, end, [.. days.Where(day => day.Day >= begin)]));
        }).Produces<DailyMetersAnswer>().Requires(Right.ReadMeters).WithName("ListDailyMeters").WithSummary("A device's counters day by day: closing count, pages, epoch and quality");

    private static IEnumerable<(DateOnly Day, IReadOnlyDictionary<string, long> Counts)> DaysOf(int number, DailyMetersRow row)
    {
        var week = MeterWeek.Read(row.Week);
        for (var day = MeterWeek.FirstOf(number); MeterWeek.NumberOf(day) == number; day = day.AddDays(1))
            if (week[day] is { } counts)
                yield return (day, counts);
    }

    private static IEnumerable<Correction> Standing(ReadingJudgement judged) => judged.Corrections.GroupBy(c => c.Counter).Select(c => c.Last());
}

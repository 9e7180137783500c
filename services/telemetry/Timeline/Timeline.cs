using System.ComponentModel;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Timeline;

/// <summary>What a device did, and how much of each day it was available.</summary>
/// <param name="Spans">Without gaps, the earliest first.</param>
/// <param name="Days">UTC days, as far as they lie in the span asked for.</param>
public sealed record TimelineAnswer(string DeviceId, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<StateSpan> Spans, IReadOnlyList<DayAvailability> Days);

/// <summary>A time in which a device was in one state.</summary>
/// <param name="State"><c>ready</c>, <c>printing</c>, <c>sleeping</c>, <c>warning</c>, <c>down</c>, <c>unreachable</c>, <c>unknown</c> or <c>retired</c>.</param>
public sealed record StateSpan(string State, DateTimeOffset From, DateTimeOffset To);

/// <summary>One UTC day of a device.</summary>
/// <param name="Availability">Share of the time in which it was ready, printing, sleeping or warning, of the time in which that is known; 0 to 1 with four decimals, null when none is.</param>
/// <param name="Seconds">By state.</param>
public sealed record DayAvailability(DateOnly Day, decimal? Availability, IReadOnlyDictionary<string, long> Seconds);

/// <summary>Marks of a device → what it did in a span of time: pure.</summary>
public static class Timeline
{
    public static TimelineAnswer Of(string device, IReadOnlyList<StatusMark> marks, DateTimeOffset from, DateTimeOffset to)
    {
        var spans = Spans(marks, from, to);
        return new(device, from, to, spans, [.. Days(spans)]);
    }

    private static List<StateSpan> Spans(IReadOnlyList<StatusMark> marks, DateTimeOffset from, DateTimeOffset to)
    {
        var (spans, state, since, before) = (new List<StateSpan>(), DeviceState.Unknown, from, DeviceState.Unknown);
        foreach (var mark in marks.OrderBy(m => m.At).ThenBy(m => m.Version).TakeWhile(m => m.At < to))
        {
            var next = mark.State ?? before;
            if (state != DeviceState.Retired)
                before = state;
            if (mark.At > since && next != state)
            {
                Add(state, since, mark.At);
                since = mark.At;
            }
            state = next;
        }
        Add(state, since, to);
        return spans;

        void Add(string name, DateTimeOffset begin, DateTimeOffset end)
        {
            if (spans.LastOrDefault() is { } last && last.State == name)
                spans[^1] = last with { To = end };
            else
                spans.Add(new(name, begin, end));
        }
    }

    private static IEnumerable<DayAvailability> Days(List<StateSpan> spans) =>
        from piece in spans.SelectMany(ByDay)
        group piece by piece.Day into day
        let seconds = day.GroupBy(p => p.State).ToDictionary(p => p.Key, p => (long)p.Sum(one => one.Length.TotalSeconds))
        let known = seconds.Where(s => !DeviceState.Uncounted.Contains(s.Key)).Sum(s => s.Value)
        select new DayAvailability(
            day.Key, known == 0 ? null : decimal.Round((decimal)seconds.Where(s => DeviceState.Available.Contains(s.Key)).Sum(s => s.Value) / known, 4), seconds);

    private static IEnumerable<(DateOnly Day, string State, TimeSpan Length)> ByDay(StateSpan span)
    {
        for (var at = span.From.ToUniversalTime(); at < span.To;)
        {
            var next = new DateTimeOffset(at.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
            var end = next < span.To ? next : span.To;
            yield return (DateOnly.FromDateTime(at.UtcDateTime), span.State, end - at);
            at = end;
        }
    }
}

public static class TimelineRoutes
{
    private const int MostDays = 400;

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{t}/devices/{id}/timeline", async (
            string t, [Description("The device.")] string id,
            [Description("From when on; a week before `to` without it.")] DateTimeOffset? from,
            [Description("Until when; now without it.")] DateTimeOffset? to, CancellationToken cancel) =>
        {
            var end = (to ?? module.Clock.GetUtcNow()).ToUniversalTime();
            var begin = from?.ToUniversalTime() ?? (end - DateTimeOffset.MinValue < TimeSpan.FromDays(7) ? end : end.AddDays(-7));
            if (begin >= end || end - begin > TimeSpan.FromDays(MostDays))
                return Refusal.Invalid("time-span", $"'from' must lie before 'to', and not more than {MostDays} days.").ToResult();
            await using var session = module.Store.QuerySession(t);
            if (await session.LoadAsync<DeviceRow>(t, id, cancel) is null)
                return DeviceRoutes.Unknown(id).ToResult();
            // What it was when the span began: its last state, and, had it been retired by then, the one before.
            var marks = await session.QueryAsync<StatusMark>(
                """
                where v.tenant_id = @t and v.device_id = @id and v.at < @end and v.at >= coalesce(
                    (select max(o.at) from {status_marks} o where o.tenant_id = @t and o.device_id = @id and o.at <= @begin and o.state is not null and o.state <> 'retired'), '-infinity')
                """, new { t, id, begin, end }, cancel);
            return Results.Ok(Timeline.Of(id, marks, begin, end));
        }).Produces<TimelineAnswer>().Requires(Right.ReadFleet).WithName("GetDeviceTimeline").WithSummary("What a device did, and how much of each day it was available");
}

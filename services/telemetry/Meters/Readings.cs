using System.ComponentModel;
using System.Globalization;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Meters;

/// <summary>One reading: raw values with where they were read, and the profile version that named them. Never changed.</summary>
/// <param name="Marks">What could be said of its quality when it came; null: nothing.</param>
public sealed record ReadingRow(
    Guid ReadingId,
    string DeviceId,
    string SiteId,
    DateTimeOffset ObservedAt,
    DateTimeOffset ReceivedAt,
    bool Late,
    string Profile,
    IReadOnlyList<Counter> Counters,
    string? Agent,
    IReadOnlyList<Mark>? Marks);

public static class Readings
{
    // The stream's own version is in the key: two readings of one moment are two rows.
    public static readonly View<ReadingRow> View = new(
        "readings", version: 2,
        e => e.Data is DeviceEvent.MeterRead read ? [string.Create(CultureInfo.InvariantCulture, $"{Device.IdOf(e)}/{Moment(read.ObservedAt)}/{e.Version:D12}")] : [],
        (_, e, _) => e.Data is DeviceEvent.MeterRead read
            ? new ReadingRow(
                e.Id, Device.IdOf(e), read.SiteId, read.ObservedAt, read.ReceivedAt, read.Late,
                string.Create(CultureInfo.InvariantCulture, $"{read.Profile}/{read.ProfileVersion}"), read.Counters, read.Agent, read.Marks)
            : null)
    {
        AppendOnly = true,
    };

    /// <summary>A time as text that sorts as time does.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fffffff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>A reading as the API gives it: as it was read, what is to be thought of it now, and what persons said of it.</summary>
/// <param name="ReadingId">Id of the event at the edge.</param>
/// <param name="Late">One as new or newer of the device was already here when this one came.</param>
/// <param name="Profile">Name and version of the rules that named the counters: <c>kyocera/3</c>.</param>
/// <param name="Agent">Site and name of the agent that read it; null in readings from before this was kept.</param>
/// <param name="Quality">The weightiest of the counters' and of the reading's own.</param>
/// <param name="Reasons">What is to be said of the reading as a whole.</param>
[Schema("Reading")]
public sealed record ReadingAnswer(
    Guid ReadingId,
    string DeviceId,
    string SiteId,
    DateTimeOffset ObservedAt,
    DateTimeOffset ReceivedAt,
    bool Late,
    string Profile,
    string? Agent,
    string Quality,
    IReadOnlyList<string> Reasons,
    IReadOnlyList<JudgedCounter> Counters,
    IReadOnlyList<Correction> Corrections)
{
    public static ReadingAnswer Of(ReadingRow row, ReadingJudgement? judgement)
    {
        var marks = judgement?.Marks ?? row.Marks ?? [];
        var late = row.Late ? Meters.Quality.Late : Meters.Quality.Good;
        return new(
            row.ReadingId, row.DeviceId, row.SiteId, row.ObservedAt, row.ReceivedAt, row.Late, row.Profile, row.Agent,
            Meters.Quality.Worst([late, .. marks.Select(m => m.Quality)]),
            [.. marks.Where(m => m.Counter is null).Select(m => m.Reason)],
            [.. row.Counters.Select(c => new JudgedCounter(
                c.Name, c.Value, c.Unit, c.Oid,
                Meters.Quality.Worst([late, .. Of(marks, c).Select(m => m.Quality)]),
                [.. Of(marks, c).Where(m => m.Counter is not null).Select(m => m.Reason)]))],
            judgement?.Corrections ?? []);
    }

    private static IEnumerable<Mark> Of(IReadOnlyList<Mark> marks, Counter counter) => marks.Where(m => m.Counter is null || m.Counter == counter.Name);
}

/// <summary>A raw count with where it was read, and its quality.</summary>
/// <param name="Quality"><c>good</c>, <c>late</c>, <c>wrap</c>, <c>gap</c>, <c>skewed</c>, <c>source</c>, <c>decrease</c>, <c>implausible</c>, <c>asserted</c> or <c>excluded</c>.</param>
/// <param name="Reasons">In words.</param>
public sealed record JudgedCounter(string Name, long Value, string Unit, string Oid, string Quality, IReadOnlyList<string> Reasons);

public static class ReadingRoutes
{
    public static void Map(IEndpointRouteBuilder app, ModuleContext module)
    {
        app.MapGet("/api/v1/tenants/{t}/devices/{id}/readings", async (
            string t, string id,
            [Description("Observed then or later.")] DateTimeOffset? from,
            [Description("Observed before that.")] DateTimeOffset? to,
            string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last))
                return Cursor.Invalid.ToResult();
            await using var session = module.Store.QuerySession(t);
            if (await session.LoadAsync<DeviceRow>(t, id, cancel) is null)
                return DeviceRoutes.Unknown(id).ToResult();
            var page = await PageAsync(session, t, id, from, to, last, Cursor.Limit(limit), cancel);
            var keys = page.Items.Select(r => KeyOf(r.Row)).ToArray();
            var judged = (await session.QueryKeyedAsync<ReadingJudgement>("where tenant_id = @t and key = any (@keys)", new { t, keys }, cancel)).ToDictionary(j => j.Key, j => j.Row);
            return Results.Ok(new Page<ReadingAnswer>([.. page.Items.Select(r => ReadingAnswer.Of(r.Row, judged.GetValueOrDefault(KeyOf(r.Row))))], page.Next));
        }).Produces<Page<ReadingAnswer>>().Requires(Right.ReadMeters).WithName("ListReadings").WithSummary("A device's readings as they were observed, with their quality, the oldest first");

        static string KeyOf(ReadingRow row) => ReadingJudgements.Key(row.DeviceId, row.ObservedAt, row.ReadingId);
    }

    public static async Task<Page<Keyed<ReadingRow>>> PageAsync(
        QuerySession session, string t, string id, DateTimeOffset? from, DateTimeOffset? to, string? last, int size, CancellationToken cancel)
    {
        var rows = await session.QueryKeyedAsync<ReadingRow>(
            """where tenant_id = @t and key >= @first and key < @end and (@last::text is null or key > @last) order by key limit @size""",
            new { t, first = Edge(id, from ?? DateTimeOffset.MinValue), end = Edge(id, to ?? DateTimeOffset.MaxValue), last, size = size + 1 }, cancel);
        return Page<Keyed<ReadingRow>>.Of(rows, size, r => r.Key);
    }

    private static string Edge(string id, DateTimeOffset at) => $"{id}/{Readings.Moment(at)}";
}

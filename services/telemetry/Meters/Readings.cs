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
/// <param name="ReadingId">Id of the event at the edge.</param>
/// <param name="Late">A newer reading of the device was already here when this one came.</param>
/// <param name="Profile">Name and version: <c>kyocera/3</c>.</param>
public sealed record ReadingRow(
    Guid ReadingId,
    string DeviceId,
    string SiteId,
    DateTimeOffset ObservedAt,
    DateTimeOffset ReceivedAt,
    bool Late,
    string Profile,
    IReadOnlyList<Counter> Counters);

public static class Readings
{
    // The stream's own version is in the key: two readings of one moment are two rows.
    public static readonly View<ReadingRow> View = new(
        "readings", version: 1,
        e => e.Data is DeviceEvent.MeterRead read ? [string.Create(CultureInfo.InvariantCulture, $"{Device.IdOf(e)}/{Moment(read.ObservedAt)}/{e.Version:D12}")] : [],
        (_, e, _) => e.Data is DeviceEvent.MeterRead read
            ? new ReadingRow(
                e.Id, Device.IdOf(e), read.SiteId, read.ObservedAt, read.ReceivedAt, read.Late,
                string.Create(CultureInfo.InvariantCulture, $"{read.Profile}/{read.ProfileVersion}"), read.Counters)
            : null)
    {
        AppendOnly = true,
    };

    /// <summary>A time as text that sorts as time does.</summary>
    public static string Moment(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss.fffffff'Z'", CultureInfo.InvariantCulture);
}

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
            var size = Cursor.Limit(limit);
            await using var session = module.Store.QuerySession(t);
            if (await session.LoadAsync<DeviceRow>(t, id, cancel) is null)
                return DeviceRoutes.Unknown(id).ToResult();
            var rows = await session.QueryKeyedAsync<ReadingRow>(
                """where tenant_id = @t and key >= @first and key < @end and (@last::text is null or key > @last) order by key limit @size""",
                new { t, first = Edge(id, from ?? DateTimeOffset.MinValue), end = Edge(id, to ?? DateTimeOffset.MaxValue), last, size = size + 1 }, cancel);
            var page = Page<Keyed<ReadingRow>>.Of(rows, size, r => r.Key);
            return Results.Ok(new Page<ReadingRow>([.. page.Items.Select(r => r.Row)], page.Next));
        }).Produces<Page<ReadingRow>>().Requires(Right.ReadMeters).WithName("ListReadings").WithSummary("A device's readings, as they were observed, the oldest first");

        static string Edge(string id, DateTimeOffset at) => $"{id}/{Readings.Moment(at)}";
    }
}

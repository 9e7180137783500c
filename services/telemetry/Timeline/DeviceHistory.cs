// stream device/{id} -> DeviceWords -> GET …/devices/{id}/history
using System.ComponentModel;
using System.Globalization;
using Fleet.Defaults;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Timeline;

/// <summary>One thing that happened to a device, in words.</summary>
/// <param name="EventId">Of the stored event.</param>
/// <param name="At">When it happened; of what was observed, by the agent's clock.</param>
/// <param name="RecordedAt">When Fleet learned of it.</param>
/// <param name="Kind"><c>registered</c>, <c>described</c>, <c>read</c>, <c>status</c>, <c>merged</c>, <c>silent</c>, …: for a program to choose by.</param>
/// <param name="Sentence">In English.</param>
/// <param name="Who">The person who did it; null: nobody, it was observed.</param>
public sealed record HistoryEntry(Guid EventId, DateTimeOffset At, DateTimeOffset RecordedAt, string Kind, string Sentence, string? Who);

public static class HistoryRoutes
{
    private static readonly string[] Cards = ["device_registered", "device_described"];

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapGet("/api/v1/tenants/{t}/devices/{id}/history", async (string t, [Description("The device.")] string id, string? cursor, int? limit, CancellationToken cancel) =>
        {
            if (!Cursor.TryRead(cursor, out var last) || !long.TryParse(last ?? "0", CultureInfo.InvariantCulture, out var below))
                return Cursor.Invalid.ToResult();
            var stream = Device.StreamKey(id);
            await using var session = module.Store.LightweightSession(t);
            if (await session.Events.FetchStreamStateAsync(stream, cancel) is not { } state)
                return DeviceRoutes.Unknown(id).ToResult();
            var newest = below > 0 ? Math.Min(below - 1, state.Version) : state.Version;
            var oldest = Math.Max(newest - Cursor.Limit(limit) + 1, 1);
            var events = newest < 1 ? [] : await session.Events.FetchStreamAsync(stream, newest, fromVersion: oldest, ct: cancel);
            await using var batch = module.Store.BatchSession();
            var cards = (await batch.FetchEventsAsync([(t, stream)], Cards, cancel))[(t, stream)].ToList();
            var entries = events.Reverse().Where(e => e.Data is DeviceEvent).Select(e =>
            {
                var said = DeviceWords.Of((DeviceEvent)e.Data, CardOf(cards.LastOrDefault(card => card.Version < e.Version)?.Data));
                return new HistoryEntry(e.Id, said.At, e.Timestamp, said.Kind, said.Sentence, said.Who);
            });
            return Results.Ok(new Page<HistoryEntry>([.. entries], oldest > 1 ? Cursor.Write(oldest.ToString(CultureInfo.InvariantCulture)) : null));
        }).Produces<Page<HistoryEntry>>().Requires(Right.ReadFleet).WithName("ListDeviceHistory").WithSummary("Everything that happened to a device, in words, the newest first");

    private static DeviceCard? CardOf(object? e) => e switch
    {
        DeviceEvent.Registered registered => registered.Card,
        DeviceEvent.Described described => described.Card,
        _ => null,
    };
}

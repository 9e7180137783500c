using System.ComponentModel;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fleet.Telemetry.Meters;

/// <summary>What now stands of a reading, by a person's word.</summary>
/// <param name="Changed">False: it stood already.</param>
/// <param name="Restated">Whether other readings, epochs or days are judged otherwise by it.</param>
public sealed record ReadingCorrection(Guid ReadingId, string Kind, string? Counter, long? Value, bool Changed, bool Restated);

public static class CorrectReadingRoute
{
    private const int Attempts = 3;

    public static void Map(IEndpointRouteBuilder app, ModuleContext module) =>
        app.MapPost("/api/v1/tenants/{t}/devices/{id}/readings/{readingId:guid}/corrections", async (
            string t, string id,
            [Description("Of one of the device's readings.")] Guid readingId,
            CorrectionWanted wanted, Caller caller, CancellationToken cancel) =>
        {
            for (var attempt = 1; ; attempt++)
            {
                await using var session = module.Store.LightweightSession(t);
                var stream = await session.Events.FetchForWriting<Device>(Device.StreamKey(id), cancel);
                if (stream.StartingVersion == 0)
                    return DeviceRoutes.Unknown(id).ToResult();
                // Up to the version that is written to: who adds a reading meanwhile makes this one look again.
                var events = await session.Events.FetchStreamAsync(stream.Key, stream.StartingVersion, ct: cancel);
                var decision = CorrectReading.Decide(readingId, wanted, caller.Id, module.Clock.GetUtcNow(), MeterHistory.Of(events));
                if (decision.Refusal is { } refusal)
                    return refusal.ToResult();
                stream.AppendMany(decision.Events);
                try
                {
                    await session.SaveChangesAsync(cancel);
                    return Results.Ok(new ReadingCorrection(
                        readingId, wanted.Kind, wanted.Counter, wanted.Value, decision.Events.Count > 0, decision.Events.Any(e => e is MeterEvent.Restated)));
                }
                catch (ConcurrencyException) when (attempt < Attempts)
                {
                    // Readings came in between: count again with them.
                }
                catch (ConcurrencyException)
                {
                    return Refusal.Conflict("busy", "Readings of the device came in at the same moment, again and again; try again.").ToResult();
                }
            }
        }).Requires(Right.CorrectReadings).Idempotent(module).Produces<ReadingCorrection>()
            .WithName("CorrectReading").WithSummary("Excludes a reading, asserts what it should have said, or restores it; the reading itself stays as it was read");
}

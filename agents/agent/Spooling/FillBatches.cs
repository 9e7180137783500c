using System.Diagnostics;
using Fleet.Agent.Events;
using Fleet.Contracts.Edge.V1;

namespace Fleet.Agent.Spooling;

/// <summary>Events of one moment, grouped by lane and cut to size: drafts for the spool. Pure.</summary>
public static class FillBatches
{
    public const int MaxEvents = 500;

    public static IReadOnlyList<Draft> From(IEnumerable<(Fact Fact, EdgeEvent Event)> said, string tenant, string site, ActivityContext trace) =>
    [
        .. said.GroupBy(one => one.Fact.Lane)
            .OrderBy(lane => lane.Key, StringComparer.Ordinal)      // "alert" first
            .SelectMany(lane => lane.Select(one => one.Event).Chunk(MaxEvents).SelectMany(Fitting)
                .Select(fit => new Draft(lane.Key, EdgeBatch.RoutingKey(tenant, site, lane.Key), fit.Body, TraceParent(trace), fit.Events)))
    ];

    // Five hundred devices with long supply lists are over a mebibyte, and the gate would refuse them all.
    private static IEnumerable<(byte[] Body, int Events)> Fitting(EdgeEvent[] events)
    {
        var body = Batch.BodyOf(events);
        return body.Length <= EdgeBatch.LargestBody || events.Length == 1
            ? [(body, events.Length)]
            : [.. Fitting(events[..(events.Length / 2)]), .. Fitting(events[(events.Length / 2)..])];
    }

    // W3C trace context, version 00.
    private static string? TraceParent(ActivityContext trace) =>
        trace == default ? null : $"00-{trace.TraceId.ToHexString()}-{trace.SpanId.ToHexString()}-{(trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded) ? "01" : "00")}";
}

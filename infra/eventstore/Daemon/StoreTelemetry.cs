using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.EventStore;

/// <summary>Traces and metrics of all stores of the process, under the name <c>Fleet.EventStore</c>.</summary>
public static class StoreTelemetry
{
    public const string Name = "Fleet.EventStore";

    internal static readonly ActivitySource Activities = new(Name);
    internal static readonly Meter Meter = new(Name);
    internal static readonly Counter<long> Appended = Meter.CreateCounter<long>("fleet.eventstore.appended", "{event}", "Events committed by this process");
    internal static readonly Counter<long> Failures = Meter.CreateCounter<long>("fleet.eventstore.failures", "{failure}", "Pages a view or subscription could not take");

    /// <summary>One span per page, linked to the traces its events were appended in.</summary>
    internal static Activity? StartPage(string schema, string shard, IReadOnlyList<IEvent> page)
    {
        if (!Activities.HasListeners()) return null;
        const int MostLinks = 64;
        var links = page.Select(e => e.Headers?.GetValueOrDefault("traceparent")).OfType<string>().Distinct().Take(MostLinks)
            .Select(parent => ActivityContext.TryParse(parent, null, isRemote: true, out var context) ? new ActivityLink(context) : (ActivityLink?)null)
            .OfType<ActivityLink>();
        var activity = Activities.StartActivity($"{schema}.{shard} page", ActivityKind.Consumer, default(ActivityContext), links: links);
        activity?.SetTag("fleet.shard", shard).SetTag("fleet.events", page.Count);
        if (page.Count > 0) activity?.SetTag("fleet.sequence.first", page[0].Sequence).SetTag("fleet.sequence.last", page[^1].Sequence);
        return activity;
    }
}

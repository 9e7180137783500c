using System.Collections.Concurrent;
using System.Diagnostics;

namespace Fleet.Flows.Tests.Traces;

/// <summary>Every span Fleet and MassTransit end while it listens: what an exporter would be given.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Spans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Fleet.", StringComparison.Ordinal) || source.Name == "MassTransit",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IEnumerable<Activity> Of(string source) => _ended.Where(span => span.Source.Name == source);

    public IEnumerable<Activity> Of(ActivityTraceId trace, string source) => Of(source).Where(span => span.TraceId == trace);

    /// <summary>Spans of pages: they serve many traces and only link them.</summary>
    public IEnumerable<Activity> LinkedTo(ActivityTraceId trace, string source) => Of(source).Where(span => span.Links.Any(link => link.Context.TraceId == trace));

    public void Dispose() => _listener.Dispose();
}

using System.Diagnostics;
using Fleet.EventStore;

namespace Fleet.Defaults;

/// <summary>
/// The span a message leaves under, so that whoever takes it goes on with the trace its event was appended in (W3C trace context). The page it was
/// read in serves many traces and is only linked; a message of several traces stays in the page's own and links them all.
/// </summary>
internal static class AnnouncementTrace
{
    private const int MostLinks = 64;

    private static readonly ActivitySource Source = new("Fleet.Bus");

    public static Activity? Start(OutgoingMessage message)
    {
        if (!Source.HasListeners())
            return null;
        var traces = TracesOf(message.Of);
        var page = Activity.Current?.Context ?? default;
        var own = traces.Count == 1 ? traces[0] : default;
        var links = own == default ? traces : page == default ? [] : [page];
        return Source.StartActivity(
            $"announce {BusNames.Of(message.Message.GetType())}", ActivityKind.Producer, own, links: links.Take(MostLinks).Select(context => new ActivityLink(context)));
    }

    private static List<ActivityContext> TracesOf(IReadOnlyList<IEvent> events) =>
    [
        .. events.Select(e => e.Headers?.GetValueOrDefault("traceparent")).OfType<string>().Distinct()
            .Select(parent => ActivityContext.TryParse(parent, null, isRemote: true, out var context) ? context : default)
            .Where(context => context != default).DistinctBy(context => context.TraceId),
    ];
}

using System.Diagnostics;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Gate;

/// <summary>One activity per edge batch, each a child of its agent's span, although many batches share one transaction.</summary>
public sealed class BatchTraces : IDisposable
{
    private static readonly ActivitySource Source = new("Fleet.Telemetry");

    private readonly Activity? _outer = Activity.Current;
    private readonly List<Activity> _activities = [];

    /// <summary>What is stored of the batch goes on from this activity; without a listener, from the agent's own span.</summary>
    public ReceivedBatch Follow(ReceivedBatch batch)
    {
        ActivityContext.TryParse(batch.TraceParent, null, isRemote: true, out var agent);
        // A batch that brings no trace begins its own: the transaction's is shared by strangers, and only linked.
        Activity.Current = null;
        if (Source.CreateActivity("accept edge batch", ActivityKind.Consumer, agent) is not { } activity)
        {
            Activity.Current = _outer;
            return batch;
        }
        activity.SetTag("fleet.sequence", batch.Sequence).SetTag("fleet.events", batch.Events.Count).SetTag("fleet.refused", batch.Refused);
        if (_outer is not null)
            activity.AddLink(new ActivityLink(_outer.Context));
        _activities.Add(activity.Start());
        Activity.Current = _outer;
        return batch with { TraceParent = activity.Id };
    }

    public void Dispose()
    {
        foreach (var activity in _activities)
            activity.Dispose();
        Activity.Current = _outer;
    }
}

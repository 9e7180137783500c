using System.Diagnostics.Metrics;
using Fleet.Telemetry.Edge;

namespace Fleet.Telemetry.Gate;

/// <summary>What the gate did, for the operator: never per tenant, device or agent, whose number has no bound.</summary>
public static class GateMeter
{
    private static readonly Meter Meter = new("Fleet.Telemetry");
    private static readonly Counter<long> Accepted = Meter.CreateCounter<long>("fleet.telemetry.events.accepted", "{event}");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>(
        "fleet.telemetry.refused", null, "By reason: events refused one by one, and batches refused whole (each counts once)");
    private static readonly Counter<long> Duplicates = Meter.CreateCounter<long>("fleet.telemetry.batches.duplicate", "{batch}");
    private static readonly Counter<long> Held = Meter.CreateCounter<long>("fleet.telemetry.batches.held", "{batch}", "Under a key nobody has heard of yet: they wait for it");
    private static readonly Histogram<int> BatchSize = Meter.CreateHistogram<int>("fleet.telemetry.batch.events", "{event}", "Events in an edge batch");
    private static readonly Histogram<double> Append = Meter.CreateHistogram<double>("fleet.telemetry.append.duration", "s", "Append and commit of one pass");

    public static void Count(IReadOnlyList<ReceivedBatch> received, int duplicates, Passed passed)
    {
        Accepted.Add(passed.Accepted);
        Duplicates.Add(duplicates);
        Held.Add(passed.Held.Count);
        foreach (var (reason, count) in passed.Refused)
            Refused.Add(count, new KeyValuePair<string, object?>("reason", reason));
        foreach (var batch in received)
        {
            BatchSize.Record(batch.Events.Count);
            if (batch.Tenant is null)
                Refused.Add(1, new KeyValuePair<string, object?>("reason", batch.Refused));
        }
    }

    public static void Appended(TimeSpan append) => Append.Record(append.TotalSeconds);
}

using System.Diagnostics;
using Fleet.Telemetry.Edge;
using Fleet.Telemetry.Gate;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Gate;

[NonParallelizable]
public class BatchTracesTests
{
    private const string AgentsSpan = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", AnotherAgents = "00-1bf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Test]
    public void Each_batch_goes_on_from_its_own_agents_span()
    {
        var ended = new List<Activity>();
        using var listener = Listen(ended);
        using (var traces = new BatchTraces())
        {
            var followed = new[] { AgentsSpan, AnotherAgents }.Select(span => traces.Follow(Batch(span))).ToList();

            Assert.That(followed.Select(b => b.TraceParent![..35]), Is.EqualTo(new[] { AgentsSpan[..35], AnotherAgents[..35] }));
            Assert.That(followed.Select(b => b.TraceParent), Has.None.EqualTo(AgentsSpan).And.None.EqualTo(AnotherAgents), "a span of the gate's own");
        }

        Assert.That(ended.Select(a => a.ParentSpanId.ToHexString()), Is.EqualTo(new[] { "b7ad6b7169203331", "b7ad6b7169203331" }));
        Assert.That(ended.Select(a => a.HasRemoteParent), Is.All.True);
    }

    [Test]
    public void Where_nobody_listens_the_agents_span_itself_is_kept()
    {
        using var traces = new BatchTraces();

        Assert.That(traces.Follow(Batch(AgentsSpan)).TraceParent, Is.EqualTo(AgentsSpan));
    }

    [TestCase("nonsense")]
    [TestCase("00-00000000000000000000000000000000-b7ad6b7169203331-01-and-a-lot-more")]
    [TestCase("00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01")]
    public void What_is_no_trace_parent_is_not_kept(string header) => Assert.That(Batch(header).TraceParent, Is.Null);

    private static ReceivedBatch Batch(string trace) => ReadBatch.Read(new Site().SendsAt(Noon, Health()) with { TraceParent = trace });

    private static ActivityListener Listen(List<Activity> ended)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Fleet.Telemetry",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}

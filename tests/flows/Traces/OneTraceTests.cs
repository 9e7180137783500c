using System.Diagnostics;
using Fleet.Agent.Events;
using Fleet.Alerting.Alerts;
using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Devices;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Traces;

/// <summary>agent's batch -> broker -> gate -> stream -> view and announcement -> alerting -> stream: one W3C trace over all of it.</summary>
[NonParallelizable]
public class OneTraceTests
{
    private TracedSite _site = null!;
    private Spans _spans = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _spans = new();
        _site = await TracedSite.OpenAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _site.DisposeAsync();
        _spans.Dispose();
    }

    [Test]
    public async Task A_jam_is_one_trace_from_the_agents_batch_to_the_announced_alert()
    {
        var device = new DeviceRef("jam", "Kyocera", "SN-JAM");
        await _site.SayAsync(Jammed(device));
        var said = (await StoredAsync(device))[^1];
        var alert = await AlertAsync(device);

        var agent = _spans.Of("Fleet.Agent").Last();
        var trace = agent.TraceId;
        Span("accept edge batch", _spans.Of(trace, "Fleet.Telemetry"), out var gate);
        Assert.That((gate.ParentSpanId, gate.HasRemoteParent), Is.EqualTo((agent.SpanId, true)), "the gate goes on from the agent");
        Assert.That(said.Headers!["traceparent"], Is.EqualTo(gate.Id), "what is stored names the gate's span");

        await EndsAsync("telemetry's view", () => _spans.LinkedTo(trace, StoreTelemetry.Name).Where(page => page.OperationName == "telemetry.devices page"));
        var announced = await EndsAsync("telemetry's announcement", () => _spans.Of(trace, "Fleet.Bus").Where(span => span.OperationName == "announce telemetry.v1.device-status-changed"));
        Assert.That(announced.ParentSpanId, Is.EqualTo(gate.SpanId));
        Assert.That(announced.Links.Single().Context.SpanId, Is.EqualTo(_spans.Of(StoreTelemetry.Name).Single(page => page.SpanId == announced.Links.Single().Context.SpanId).SpanId), "and links its page");

        var consumed = await EndsAsync("alerting's consumer", () => _spans.Of(trace, "MassTransit").Where(span => span.OperationName.Contains("alerting-watch-status", StringComparison.Ordinal)));
        Assert.That(consumed.TraceId, Is.EqualTo(trace));
        Assert.That(alert.Headers!["traceparent"], Does.Contain(trace.ToHexString()));
        await EndsAsync("the alert's announcement", () => _spans.Of(trace, "Fleet.Bus").Where(span => span.OperationName == "announce alerting.v1.alert-raised"));
    }

    [Test]
    public async Task A_batch_without_a_trace_begins_one_of_its_own()
    {
        var (one, other) = (new DeviceRef("one", "Kyocera", "SN-ONE"), new DeviceRef("other", "Kyocera", "SN-OTHER"));
        await _site.SayAsync(Jammed(one), traceParent: null);
        await _site.SayAsync(Jammed(other), traceParent: null);

        var (first, second) = (TraceOf((await StoredAsync(one))[^1]), TraceOf((await StoredAsync(other))[^1]));
        Assert.That(first, Is.Not.EqualTo(second), "strangers share a transaction, not a trace");
        Assert.That(TraceOf(await AlertAsync(one)), Is.EqualTo(first), "and it goes on as an agent's would");
    }

    // W3C Trace Context §3.2: who cannot read a traceparent begins a new trace. The batch itself is sound and kept.
    [TestCase("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", TestName = "Upper_case_is_no_trace_parent")]
    [TestCase("00-00000000000000000000000000000000-b7ad6b7169203331-01", TestName = "A_trace_id_of_zeros_is_no_trace_parent")]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", TestName = "A_span_id_of_zeros_is_no_trace_parent")]
    [TestCase("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", TestName = "Version_ff_is_no_trace_parent")]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", TestName = "Without_flags_it_is_no_trace_parent")]
    [TestCase("00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01", TestName = "Without_dashes_it_is_no_trace_parent")]
    [TestCase("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more", TestName = "Longer_than_its_version_it_is_no_trace_parent")]
    public async Task A_broken_trace_parent_is_ignored(string header)
    {
        var device = new DeviceRef("broken", "Kyocera", $"SN-{TestContext.CurrentContext.Test.Name}");
        await _site.SayAsync(Jammed(device), header);

        var trace = TraceOf((await StoredAsync(device))[^1]);
        Assert.That(trace.ToHexString(), Is.Not.EqualTo(header[3..35].ToLowerInvariant()).And.Length.EqualTo(32));
        Assert.That(_spans.Of(trace, "Fleet.Telemetry").Single().ParentSpanId, Is.EqualTo(default(ActivitySpanId)), "the gate begins it");
    }

    private static Fact Jammed(DeviceRef device) => Fact.Of(new StatusChanged(device, "down", "other", ["jammed"]));

    private static ActivityTraceId TraceOf(IEvent e) => ActivityContext.Parse(e.Headers!["traceparent"], null).TraceId;

    private Task<IReadOnlyList<IEvent>> StoredAsync(DeviceRef device) =>
        _site.EventsAsync(Telemetry.Telemetry.Module, Device.StreamKey(DeviceIdentity.IdOf("acme", "hq", device)));

    private async Task<IEvent> AlertAsync(DeviceRef device) =>
        (await _site.EventsAsync(Alerting.Alerting.Module, Alert.Key(DeviceIdentity.IdOf("acme", "hq", device), "error-jammed")))[0];

    private static void Span(string name, IEnumerable<Activity> spans, out Activity found) =>
        found = spans.SingleOrDefault(span => span.OperationName == name) ?? throw new AssertionException($"No one span '{name}' in the trace");

    private static async Task<Activity> EndsAsync(string who, Func<IEnumerable<Activity>> spans) =>
        (await Eventually.IsAsync($"a span of {who} in the trace", () => Task.FromResult(spans().FirstOrDefault()), span => span is not null))!;
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Fleet.EventStore.Tests.Daemon;

[NonParallelizable]
public class TelemetryTests
{
    [Test]
    public async Task The_trace_of_an_append_is_in_its_events_and_linked_from_the_page_that_folds_them()
    {
        var pages = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is StoreTelemetry.Name or "test",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => { if (activity.Source.Name == StoreTelemetry.Name) pages.Enqueue(activity); },
        };
        ActivitySource.AddActivityListener(listener);
        using var source = new ActivitySource("test");
        await using var store = await Stores.NewAsync([Printers.View()]);
        ActivityTraceId trace;
        using (var activity = source.StartActivity("request")!)
        {
            trace = activity.TraceId;
            await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1));
        }
        Assert.That((await store.ReadAllAsync(0, 1))[0].Headers!["traceparent"], Does.Contain(trace.ToHexString()));

        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await daemon.WaitForNonStaleDataAsync(TimeSpan.FromSeconds(20));
        await daemon.StopAllAsync();
        Assert.That(pages.SelectMany(p => p.Links).Select(link => link.Context.TraceId), Does.Contain(trace));
    }

    [Test]
    public async Task Lag_and_standstill_are_gauges()
    {
        var values = new ConcurrentDictionary<(string Instrument, string Shard), long>();
        await using var store = await Stores.NewAsync([Printers.View(also: (_, _) => throw new InvalidOperationException("never"))]);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) => { if (instrument.Meter.Name == StoreTelemetry.Name) l.EnableMeasurementEvents(instrument); },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var all = tags.ToArray().ToDictionary(t => t.Key, t => t.Value);
            if (Equals(all.GetValueOrDefault("store"), store.Options.Schema) && all.TryGetValue("shard", out var shard)) values[(instrument.Name, (string)shard!)] = value;
        });
        listener.Start();
        await store.AppendAsync("acme", "printer/1", new PrinterEvent.Printed(1), new PrinterEvent.Printed(2));
        await using var daemon = store.BuildProjectionDaemon();
        await daemon.StartAllAsync();
        await Until.HoldsAsync("the gauges show two events of lag and a standstill", () =>
        {
            listener.RecordObservableInstruments();
            return Task.FromResult(values.GetValueOrDefault(("fleet.eventstore.lag", "printers")) == 2 && values.GetValueOrDefault(("fleet.eventstore.failing", "printers")) == 1);
        });
    }
}

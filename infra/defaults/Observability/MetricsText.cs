using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Fleet.Defaults;

/// <summary>
/// Every .NET meter of the process as Prometheus text (exposition format 0.0.4). Stands in for
/// OpenTelemetry.Exporter.Prometheus.AspNetCore, which the registry lacks; swap it in <see cref="FleetHost"/>.
/// </summary>
public sealed class MetricsText : IDisposable
{
    // A label value made from data must not grow the process without bound.
    private const int HighestSeries = 20_000;
    private static readonly double[] Buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ConcurrentDictionary<(string Name, string Labels), Series> _series = new();
    private readonly MeterListener _listener = new();

    public MetricsText()
    {
        _listener.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _listener.SetMeasurementEventCallback<byte>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<short>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<int>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<float>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Record(i, v, tags));
        _listener.SetMeasurementEventCallback<decimal>((i, v, tags, _) => Record(i, (double)v, tags));
        _listener.Start();
    }

    public string Write()
    {
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var metric in _series.GroupBy(s => s.Key.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var type = metric.First().Value.Type;
            text.Append("# TYPE ").Append(metric.Key).Append(' ').Append(type).Append('\n');
            foreach (var ((name, labels), series) in metric.OrderBy(s => s.Key.Labels, StringComparer.Ordinal))
                series.Write(text, name, labels);
        }
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = (PrometheusNames.Metric(instrument), PrometheusNames.Labels(tags));
        if (!_series.TryGetValue(key, out var series))
        {
            if (_series.Count >= HighestSeries)
                return;
            series = _series.GetOrAdd(key, _ => new Series(PrometheusNames.Type(instrument)));
        }
        series.Record(value, adds: instrument is { IsObservable: false });
    }

    private sealed class Series(string type)
    {
        private readonly long[] _counts = new long[Buckets.Length];
        private readonly Lock _gate = new();
        private double _value;
        private long _count;

        public string Type => type;

        public void Record(double value, bool adds)
        {
            lock (_gate)
            {
                _count++;
                _value = adds ? _value + value : value;
                if (type == "histogram")
                    for (var i = 0; i < Buckets.Length; i++)
                        if (value <= Buckets[i])
                            _counts[i]++;
            }
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            lock (_gate)
            {
                if (type != "histogram")
                {
                    Line(text, name, labels, _value);
                    return;
                }
                for (var i = 0; i < Buckets.Length; i++)
                    Line(text, name + "_bucket", PrometheusNames.With(labels, "le", Buckets[i].ToString(CultureInfo.InvariantCulture)), _counts[i]);
                Line(text, name + "_bucket", PrometheusNames.With(labels, "le", "+Inf"), _count);
                Line(text, name + "_sum", labels, _value);
                Line(text, name + "_count", labels, _count);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value) =>
            text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}

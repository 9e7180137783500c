using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Defaults.Tests;

public partial class MetricsTextTests
{
    private static readonly Meter Meter = new("Fleet.Tests.Metrics");

    [Test]
    public void A_counter_adds_up_and_is_called_total()
    {
        using var metrics = new MetricsText();
        var pages = Meter.CreateCounter<long>("fleet.test.pages");
        pages.Add(2, new KeyValuePair<string, object?>("tenant", "acme"));
        pages.Add(3, new KeyValuePair<string, object?>("tenant", "acme"));

        Assert.That(Lines(metrics), Has.Member("# TYPE fleet_test_pages_total counter").And.Member("fleet_test_pages_total{tenant=\"acme\"} 5"));
    }

    [Test]
    public void A_gauge_shows_what_it_is_now()
    {
        using var metrics = new MetricsText();
        var lag = 7;
        Meter.CreateObservableGauge("fleet.test.lag", () => lag);
        metrics.Write();
        lag = 4;

        Assert.That(Lines(metrics), Has.Member("fleet_test_lag 4"));
    }

    [Test]
    public void A_histogram_has_cumulative_buckets_a_sum_and_a_count()
    {
        using var metrics = new MetricsText();
        var seconds = Meter.CreateHistogram<double>("fleet.test.append", unit: "s");
        seconds.Record(0.003);
        seconds.Record(20);

        Assert.That(Lines(metrics), Has.Member("fleet_test_append_seconds_bucket{le=\"0.0025\"} 0")
            .And.Member("fleet_test_append_seconds_bucket{le=\"0.005\"} 1")
            .And.Member("fleet_test_append_seconds_bucket{le=\"10\"} 1")
            .And.Member("fleet_test_append_seconds_bucket{le=\"+Inf\"} 2")
            .And.Member("fleet_test_append_seconds_count 2"));
    }

    [Test]
    public void A_label_value_cannot_break_out_of_its_quotes()
    {
        using var metrics = new MetricsText();
        Meter.CreateCounter<int>("fleet.test.hostile").Add(1, new KeyValuePair<string, object?>("name", "a\"b\\c\nd"));

        Assert.That(Lines(metrics), Has.Member("fleet_test_hostile_total{name=\"a\\\"b\\\\c\\nd\"} 1"));
    }

    [Test]
    public void Every_line_is_one_the_text_format_allows()
    {
        using var metrics = new MetricsText();
        using var runtime = new Meter("Fleet.Tests.Odd-Names/1");
        runtime.CreateCounter<decimal>("9.odd name", unit: "By").Add(1.5m, new KeyValuePair<string, object?>("ü", 1.5));
        runtime.CreateUpDownCounter<long>("fleet.test.open").Add(-1);

        Assert.That(Lines(metrics), Has.All.Matches<string>(line => Allowed().IsMatch(line)));
    }

    private static string[] Lines(MetricsText metrics) => metrics.Write().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("""^(# TYPE [a-zA-Z_:][a-zA-Z0-9_:]* (counter|gauge|histogram)|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\.)*",?)+\})? (-?[0-9.E+-]+|NaN|∞|\+Inf|-Inf))$""")]
    private static partial Regex Allowed();
}

using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Timeline;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Timeline;

public class TimelineTests
{
    private static readonly DateTimeOffset Midnight = Noon.AddHours(-12);

    [TestCase("running", "idle", "ready")]
    [TestCase("running", "printing", "printing")]
    [TestCase("running", "warmup", "ready")]
    [TestCase("running", "other", "sleeping", Description = "RFC 3805: standby")]
    [TestCase("warning", "printing", "warning")]
    [TestCase("down", "other", "down")]
    [TestCase("unreachable", "unknown", "unreachable")]
    [TestCase("unknown", "unknown", "unknown")]
    public void What_a_device_says_is_one_state(string device, string printer, string state) =>
        Assert.That(DeviceState.Of(new(device, printer, [])), Is.EqualTo(state));

    [Test]
    public void A_day_is_as_available_as_the_time_that_is_known_of_it()
    {
        // Known from 06:00; down for three hours of the eighteen.
        var timeline = Of((6, "ready"), (12, "down"), (15, "ready"));

        Assert.That(timeline.Spans.Select(s => (s.State, (s.To - s.From).TotalHours)), Is.EqualTo(new[] { ("unknown", 6.0), ("ready", 6), ("down", 3), ("ready", 9) }));
        Assert.That(timeline.Days.Single().Availability, Is.EqualTo(0.8333m));
        Assert.That(timeline.Days.Single().Seconds.Values.Sum(), Is.EqualTo(86_400), "no second is lost");
    }

    [Test] // the twin: were it counted over all of the day, what is not known would count against it
    public void Time_of_which_nothing_is_known_counts_neither_way() => Assert.That(Of((12, "ready")).Days.Single().Availability, Is.EqualTo(1));

    [Test]
    public void Of_a_day_of_which_nothing_is_known_nothing_is_said() => Assert.That(Of().Days.Single().Availability, Is.Null);

    [Test]
    public void A_device_that_comes_back_from_retirement_is_what_it_was()
    {
        var timeline = Of((0, "warning"), (6, "retired"), (18, null));

        Assert.That(timeline.Spans.Select(s => s.State), Is.EqualTo(new[] { "warning", "retired", "warning" }));
        Assert.That(timeline.Days.Single().Availability, Is.EqualTo(1), "retired is not counted");
    }

    [Test]
    public void What_was_said_before_the_span_holds_at_its_beginning()
    {
        var timeline = Fleet.Telemetry.Timeline.Timeline.Of("d", [Mark(-30, "printing"), Mark(-2, "down")], Midnight, Midnight.AddHours(1));
        Assert.That(timeline.Spans.Single().State, Is.EqualTo("down"));
    }

    [Test]
    public void Spans_are_cut_at_midnight()
    {
        var timeline = Fleet.Telemetry.Timeline.Timeline.Of("d", [Mark(12, "ready"), Mark(30, "down")], Midnight, Midnight.AddDays(2));
        Assert.That(timeline.Days.Select(d => d.Availability), Is.EqualTo(new decimal?[] { 1, 0.25m }));
    }

    private static TimelineAnswer Of(params (double Hour, string? State)[] marks) =>
        Fleet.Telemetry.Timeline.Timeline.Of("d", [.. marks.Select(m => Mark(m.Hour, m.State))], Midnight, Midnight.AddDays(1));

    private static StatusMark Mark(double hour, string? state) => new("acme", "", "d", Midnight.AddHours(hour), 1, state);
}

using Fleet.Alerting.Alerts;
using Fleet.Alerting.Statuses;
using Fleet.Contracts.Telemetry.V1;
using static Fleet.Alerting.Tests.Say;

namespace Fleet.Alerting.Tests;

public class WatchStatusTests
{
    [Test]
    public void Each_error_that_begins_holds_and_each_that_ends_is_over() =>
        Assert.That(Shown(Status(0, "jammed", "lowPaper"), Status(1, "lowPaper", "doorOpen")), Is.EqualTo(new[]
        {
            "error-jammed critical", "error-lowPaper warning", "error-doorOpen critical", "error-jammed over",
        }));

    [TestCase("noPaper"), TestCase("noToner"), TestCase("doorOpen"), TestCase("jammed"), TestCase("offline"), TestCase("serviceRequested"), TestCase("inputTrayMissing")]
    [TestCase("outputTrayMissing"), TestCase("markerSupplyMissing"), TestCase("outputFull")]
    public void What_stops_a_device_is_critical(string error) => Assert.That(Shown(Status(0, error)), Is.EqualTo(new[] { $"error-{error} critical" }));

    [TestCase("lowPaper"), TestCase("lowToner"), TestCase("outputNearFull"), TestCase("inputTrayEmpty"), TestCase("overduePreventMaint")]
    public void What_will_stop_it_is_a_warning(string error) => Assert.That(Shown(Status(0, error)), Is.EqualTo(new[] { $"error-{error} warning" }));

    [Test]
    public void A_name_nobody_knows_rings_for_nobody() => Assert.That(Shown(Status(0, "coffeeCold"), Status(1)), Is.Empty);

    [Test]
    public void A_status_delivered_twice_or_late_shows_nothing() =>
        Assert.That(Shown(Status(5, "jammed"), Status(5, "jammed"), Status(3), Status(4, "doorOpen")), Is.EqualTo(new[] { "error-jammed critical" }));

    [Test]
    public void A_late_error_does_not_ring_when_a_newer_status_was_clean_from_the_start() => Assert.That(Shown(Status(5), Status(3, "jammed")), Is.Empty);

    [Test]
    public void A_device_that_does_not_answer_has_not_said_that_its_jam_is_over() =>
        Assert.That(Shown(Status(0, "jammed"), Unreachable(1), Status(2, "jammed"), Status(3)), Is.EqualTo(new[]
        {
            "error-jammed critical", "error-unreachable warning", "error-unreachable over", "error-jammed over",
        }));

    [Test]
    public void A_critical_row_of_the_devices_own_alert_table_holds_and_others_are_no_evidence()
    {
        var row = new DeviceAlertRaised("acme", "d1", "1.7", "critical", "marker", 1, 1234, "", Minute(0));
        Assert.Multiple(() =>
        {
            Assert.That(WatchDeviceAlerts.Evidence(row), Is.EqualTo(new Evidence.Holds("critical", "marker 1: alert code 1234")));
            Assert.That(WatchDeviceAlerts.Evidence(row with { Description = "Toner out" }), Is.EqualTo(new Evidence.Holds("critical", "Toner out")));
            Assert.That(WatchDeviceAlerts.Evidence(row with { Severity = "warning" }), Is.Null);
        });
    }

    private static List<string> Shown(params DeviceStatusChanged[] said)
    {
        var (status, shown) = (Fleet.Alerting.Statuses.Status.Unknown, new List<string>());
        foreach (var one in said)
        {
            var after = WatchStatus.Decide(one, status).Aggregate(status, Fleet.Alerting.Statuses.Status.Evolve);
            shown.AddRange(WatchStatus.Evidence(one, status, after).Select(s => $"{s.Condition.Name} {(s.Evidence is Evidence.Holds holds ? holds.Severity : "over")}"));
            status = after;
        }
        return shown;
    }
}

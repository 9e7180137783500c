using System.Text.Json;
using Fleet.Alerting.Alerts;
using Fleet.Alerting.Statuses;
using Fleet.Contracts.Alerting.V1;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Testing;
using static Fleet.Alerting.Tests.Say;

namespace Fleet.Alerting.Tests;

public class GoldenTests
{
    private static readonly AlertEvent.Raised Raised = (AlertEvent.Raised)Hear(Toner(0, 9))[0];

    private static readonly object[] Stored =
    [
        Raised,
        new AlertEvent.Worsened(Raised.AlertId, "d1", "supply-1.1", "critical", "Black toner is empty", Minute(1)),
        new AlertEvent.Acknowledged(Raised.AlertId, "d1", "supply-1.1", "ana", "cartridge ordered", Minute(2)),
        new AlertEvent.Resolved(Raised.AlertId, "d1", "supply-1.1", null, null, Minute(3)),
        new AlertEvent.Observed(true, Minute(4)),
        new AlertEvent.Corroborated(Raised.AlertId, "d1", "error-jammed", "Jam in tray 2", Minute(5)) { Source = "row-1.17" },
        new StatusEvent.Changed(["jammed", "lowPaper"], Minute(5)),
        new RefusalEvent.Counted("agent", "acme-hq", "agent", "missing-right", "read-alerts", null, "GET /api/v1/alerts", 1, Minute(6), Minute(6)),
    ];

    private static readonly object[] Public =
    [
        new AlertRaised("acme", Raised.AlertId, "d1", "supply-1.1", "warning", "Black toner is low: 9 % left", Minute(0)),
        new AlertAcknowledged("acme", Raised.AlertId, "d1", "supply-1.1", "ana", Minute(2)),
        new AlertResolved("acme", Raised.AlertId, "d1", "supply-1.1", null, Minute(3)),
    ];

    private static IEnumerable<string> StoredNames => Alerting.Module.Streams.SelectMany(stream => stream.EventTypes.Keys);

    [TestCaseSource(nameof(StoredNames))]
    public void Stored_events_do_not_change(string name)
    {
        var type = Alerting.Module.Streams.SelectMany(stream => stream.EventTypes).Single(e => e.Key == name).Value;
        Golden.Holds("golden", name, Stored.Single(e => e.GetType() == type), JsonSerializerOptions.Web);
    }

    [TestCaseSource(nameof(Public))]
    public void Public_messages_do_not_change(object message) =>
        Golden.Holds("../../contracts/golden", BusNames.Of(message.GetType()), message, JsonSerializerOptions.Web);

    [Test]
    public void What_is_stored_becomes_what_is_said()
    {
        static object? Said<T>(T stored) where T : AlertEvent => AnnounceAlert.Message(new Event<T>(stored) { TenantId = "acme" });
        Assert.Multiple(() =>
        {
            Assert.That(Said((AlertEvent.Raised)Stored[0]), Is.EqualTo(Public[0]));
            Assert.That(Said((AlertEvent.Worsened)Stored[1]), Is.EqualTo((AlertRaised)Public[0] with { Severity = "critical", Summary = "Black toner is empty", At = Minute(1) }));
            Assert.That(Said((AlertEvent.Acknowledged)Stored[2]), Is.EqualTo(Public[1]));
            Assert.That(Said((AlertEvent.Resolved)Stored[3]), Is.EqualTo(Public[2]));
            Assert.That(Said((AlertEvent.Observed)Stored[4]), Is.Null);
        });
    }
}

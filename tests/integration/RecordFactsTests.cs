using System.Text.Json;
using Fleet.Contracts.Alerting.V1;
using Fleet.Contracts.Billing.V1;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Identity.V1;
using Fleet.Contracts.Licensing.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.EventStore;
using Fleet.Integration.Facts;
using Fleet.Testing;

namespace Fleet.Integration.Tests;

/// <summary>What each public message looks like outside.</summary>
public class RecordFactsTests
{
    private static readonly Guid Id = new("0195c5e5-0000-7000-8000-000000000001"), Other = new("0195c5e5-0000-7000-8000-000000000002");
    private static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly AcceptedReading Reading = new(Other, "d1", "hq", Noon, Noon.AddSeconds(2), "kyocera/3", [new("total", 7342, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1")]);

    private static readonly Fact[] Facts =
    [
        .. PublicMessages.TenantCreated.Facts(new("acme", "prov", "Acme", Noon), Id),
        .. PublicMessages.TenantMoved.Facts(new("acme", "prov", "other-prov", Noon), Id),
        .. PublicMessages.SiteOpened.Facts(new("acme", "hq", "Headquarters", "Europe/Berlin", Noon), Id),
        .. PublicMessages.AgentEnrolled.Facts(new("acme", "hq", "acme-hq", "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", Noon), Id),
        .. PublicMessages.AgentRevoked.Facts(new("acme", "hq", "acme-hq", "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s", "token-reuse", Noon), Id),
        .. PublicMessages.ConsentChanged.Facts(new("acme", 3, [new("billing", Noon, null)], [], [new("counters", Noon, Noon.AddDays(1))], Noon), Id),
        .. PublicMessages.DeviceDescribed.Facts(new("acme", "d1", "hq", "Kyocera", "P2040dn", "VXF1234567", null, null, null, null, "2S7_2000", Noon), Id),
        .. PublicMessages.DeviceStatusChanged.Facts(new("acme", "d1", "down", "other", ["jammed"], Noon), Id),
        .. PublicMessages.SupplyLevelChanged.Facts(new("acme", "d1", "1.1", "Black toner", "toner", "consumed", "black", "measured", 900, 7200, 12.5m, Noon), Id),
        .. PublicMessages.DeviceAlertRaised.Facts(new("acme", "d1", "1.7", "critical", "marker", 1, 1101, "Toner out", Noon), Id),
        .. PublicMessages.DeviceAlertCleared.Facts(new("acme", "d1", "1.7", 1101, Noon), Id),
        .. PublicMessages.BatchForged.Facts(new("acme", "hq", "acme-hq", "signature", new('0', 64), Noon), Id),
        .. PublicMessages.AgentFellSilent.Facts(new("acme", "hq", "acme-hq", "site-dark", Noon.AddHours(-2), Noon), Id),
        .. PublicMessages.AgentSpokeAgain.Facts(new("acme", "hq", "acme-hq", Noon), Id),
        .. PublicMessages.ReadingsAccepted.Facts(new("acme", [Reading]), Id),
        .. PublicMessages.AlertRaised.Facts(new("acme", "a1", "d1", "error-jammed", "critical", "Paper jam", Noon), Id),
        .. PublicMessages.AlertAcknowledged.Facts(new("acme", "a1", "d1", "error-jammed", "ana", Noon), Id),
        .. PublicMessages.AlertResolved.Facts(new("acme", "a1", "d1", "error-jammed", null, Noon), Id),
        .. PublicMessages.SeatTaken.Facts(new("acme", "d1", "2026-03", 4, Noon), Id),
        .. PublicMessages.InvoiceIssued.Facts(new("acme", "i1", "2026-0007", "c1", "2026-02", 123.45m, "EUR", Noon), Id),
    ];

    private static IEnumerable<string> Types => Facts.Select(fact => fact.Event.Type);

    [TestCaseSource(nameof(Types))]
    public void The_CloudEvent_does_not_change(string type)
    {
        var fact = Facts.Single(fact => fact.Event.Type == type);
        var stored = new Event<FactEvent.Recorded>(fact.Event) { Id = fact.Id, TenantId = fact.Tenant, Sequence = 42 };
        Golden.Holds("../../contracts/golden/cloudevents", type, CloudEvent.Of(stored), JsonSerializerOptions.Web);
    }

    [Test]
    public void The_stored_event_does_not_change() =>
        Golden.Holds("golden", Feed.Stream.Events.Keys.Single(), Facts.Single(f => f.Event.Type.EndsWith("seat-taken.v1", StringComparison.Ordinal)).Event, JsonSerializerOptions.Web);

    [Test]
    public void Every_message_that_is_listened_to_is_in_this_test() => Assert.That(PublicMessages.Consumers, Has.Count.EqualTo(Facts.Length));

    [Test]
    public void A_batch_of_readings_is_one_fact_each_under_the_readings_own_id()
    {
        var facts = PublicMessages.ReadingsAccepted.Facts(new("acme", [Reading, Reading with { ReadingId = Id, DeviceId = "d2" }]), Guid.Empty);
        Assert.That(facts.Select(f => (f.Id, f.Event.Subject)), Is.EqualTo(new[] { (Other, "d1"), (Id, "d2") }));
    }

    [Test]
    public void GRPC_says_the_same_as_HTTP()
    {
        var fact = Facts.Single(fact => fact.Event.Type == "fleet.identity.agent-revoked.v1");
        var http = CloudEvent.Of(new Event<FactEvent.Recorded>(fact.Event) { Id = fact.Id, TenantId = fact.Tenant, Sequence = 42 });
        var grpc = Subscribe.Message(http);
        Assert.That((grpc.Position, grpc.Id, grpc.Type, grpc.Source, grpc.Subject, grpc.Time.ToDateTimeOffset(), grpc.Tenant, grpc.Data.ToStringUtf8()),
            Is.EqualTo((http.Position, http.Id, http.Type, http.Source, http.Subject, http.Time, http.TenantId, http.Data.GetRawText())));
    }
}

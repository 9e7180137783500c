using System.Text.Json;
using Fleet.Defaults;
using Fleet.EventStore;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Consents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Meters;
using Fleet.Telemetry.Reports;
using Fleet.Telemetry.Supplies;
using Fleet.Testing;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests;

public class StoredEventsTests
{
    private static readonly DeviceCard Card =
        new("hq", "Kyocera", "ECOSYS P2040dn", "VXA1234567", "printer-3", "Second floor", "192.0.2.17", "00:17:c8:0a:0b:0c", "2S1_2000.005.012", "1.3.6.1.4.1.1347.41", "kyocera/3");

    private static readonly Guid Early = new("01930000-0000-7000-8000-000000000002"), Late = new("01930000-0000-7000-8000-000000000003");

    private static readonly object[] All =
    [
        new DeviceEvent.Registered(Card, Noon),
        new DeviceEvent.Described(Card with { Location = null }, Noon),
        new DeviceEvent.MeterRead("hq", "kyocera", 3, [new Counter("total", 7342, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1", Epoch: 2)], Noon, Noon.AddSeconds(2), Late: false,
            new("01930000-0000-7000-8000-000000000001"), "hq/acme-hq", "VXA1234567", "00:17:c8:0a:0b:0c", [new("total", "decrease", "reset: was 90000 before; no pages are proven in between")], ["total"]),
        new MeterEvent.EpochsStarted(Late, Noon, [new("total", "wrap", 12, new(Early, Noon.AddHours(-1), 2_147_483_640), 20), new("scan", "first", 3)], ["mac"]),
        new MeterEvent.Restated(
            Late, Counts.None with { Newest = new(Early, Noon, "hq/acme-hq", "VXA1234567", "00:17:c8:0a:0b:0c"), Tails = Counts.None.Tails.Add("total", new(12, 20, 2, 7, new(Early, Noon))) },
            [new(Late, Noon, [])], [new(Early, Noon, [new("total", "wrap", "ran over after 2147483640: 20 pages")])], [new(new(2026, 11, 21), new Dictionary<string, long> { ["total"] = 12 })], Noon),
        new MeterEvent.ReadingCorrected(Early, Noon, "total", "asserted", 7340, "read from the panel", "p-1", Noon.AddDays(1)),
        new DeviceEvent.SupplyLevelChanged(new Supply("1.1", "TK-1170", "toner", "consumed", "black", "impressions", "measured", 3600, 7200, 50.0m), Noon),
        new DeviceEvent.SupplyReplaced(new Supply("1.1", "TK-1170", "toner", "consumed", "black", "impressions", "measured", 1008, 7200, 14.0m, "TK-1170", "A1B2"), "serial", 14.0m, 1.4m, Noon.AddDays(-90), Premature: true, 10, Noon),
        new DeviceEvent.SupplyRemoved(new Supply("1.2", "Waste Toner Box", "wasteToner", "receptacle", null, "other", "some-remaining", null, null, null), Noon),
        new DeviceEvent.StatusChanged(new DeviceStatus("warning", "idle", ["lowToner"]), Noon),
        new DeviceEvent.AlertRaised("1.17", "warning", "markerSupplies", 1, 1104, "Toner low", Noon),
        new DeviceEvent.AlertCleared("1.17", 1104, Noon),
        new DeviceEvent.Merged("6e9e1399a559e1e4", "p-1", "the same printer", Noon),
        new DeviceEvent.Joined("0123456789abcdef", "p-1", "the same printer", Noon),
        new DeviceEvent.Unmerged("6e9e1399a559e1e4", "p-1", "two after all", Noon),
        new DeviceEvent.Parted("0123456789abcdef", "p-1", "two after all", Noon),
        new DeviceEvent.Split("0123456789abcdef", "mac", "p-1", "two printers, one number", Noon),
        new DeviceEvent.SplitOff("6e9e1399a559e1e4", "mac", "hq", "p-1", "two printers, one number", Noon),
        new DeviceEvent.Retired("p-1", "scrapped", Noon),
        new DeviceEvent.Returned(null, null, Noon),
        new DeviceEvent.ConflictFound(new DeviceConflict(DeviceConflict.ClonedSerial, "0123456789abcdef"), Noon),
        new DeviceEvent.ConflictSettled(DeviceConflict.ClonedSerial, "0123456789abcdef", "p-1", "seen on the spot", Noon),
        new DeviceEvent.BoardReplaced(Noon),
        new DeviceEvent.Displaced("0123456789abcdef", Noon),
        new DeviceEvent.FellSilent("site-dark", Noon, Noon.AddHours(26)),
        new DeviceEvent.SpokeAgain(new DeviceStatus("warning", "idle", ["lowToner"]), Noon),
        new AgentEvent.FellSilent("site-dark", Noon, Noon.AddMinutes(15)),
        new AgentEvent.SpokeAgain(Noon.AddMinutes(20)),
        new AgentEvent.BatchAccepted(7, "reading", 12, new Dictionary<string, int> { ["no-purpose"] = 2 }, new string('0', 64), Noon),
        new AgentEvent.BatchRefused(8, "schema", "acme.hq.reading", new string('0', 64), 1234, Noon),
        new AgentEvent.GapOpened(9, 11, Noon),
        new AgentEvent.GapFilled(10, Noon),
        new AgentEvent.SequenceRestarted(11, Noon),
        new AgentEvent.HealthReported("0.1.0", 3600, 24, 1000, 990, 10, 0, Noon),
        new RefusalEvent.Counted("person", "p-1", "technician", "missing-right", "run-billing", "acme", "POST /api/v1/billing/runs", 3, Noon, Noon.AddSeconds(20)),
        new AgentEvent.KeyLearned("Iza0VzxHjYzkSeDbyfdJIEfGIbCnmKT_zSdnbu-RXwg", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0", Noon),
        new AgentEvent.KeyRevoked("Iza0VzxHjYzkSeDbyfdJIEfGIbCnmKT_zSdnbu-RXwg", Noon.AddDays(1)),
        new TemplateEvent.Saved("Toner on Mondays", new("supplies", "csv", "serial,slot,daysLeft", "de", TimeZone: "Europe/Berlin"), "p-1", Noon),
        new TemplateEvent.Scheduled(new("0 7 * * 1", "Europe/Berlin", ["toner@acme.example"], "weekly"), "p-1", "demo-dealer", Noon),
        new TemplateEvent.Unscheduled("p-1", Noon),
        new TemplateEvent.Dropped("p-1", Noon),
        new TemplateEvent.DeliveryBegun(Noon, 1, Noon.AddSeconds(12)),
        new TemplateEvent.Delivered(Noon, ["toner@acme.example", "acme/weekly/acme-supplies.csv"], 1234, new string('0', 64), Noon.AddSeconds(14)),
        new TemplateEvent.DeliveryFailed(Noon, "no-consent", Final: true, Noon.AddSeconds(14)),
        new ConsentEvent.Learned(2, [new Span("billing", Noon, null)], [new Span("counters", Noon, Noon.AddDays(1))], Noon),
    ];

    [TestCaseSource(nameof(Names))]
    public void A_stored_event_never_changes_its_form(string name) => Golden.Holds("golden", name, Sample(name), Json);

    [Test]
    public void Every_stored_event_is_pinned() =>
        Assert.That(All.Select(e => e.GetType()), Is.EquivalentTo(Telemetry.Module.Streams.SelectMany(s => s.EventTypes.Values)));

    // The words of the fact, not of the stream: what others read in contracts/golden is what these events become.
    [Test]
    public async Task What_is_announced_never_changes_its_form()
    {
        var said = new List<object>();
        foreach (var e in All.OfType<DeviceEvent>())
            foreach (var announcement in Telemetry.Module.Announcements.Where(a => a.EventType == e.GetType()))
                said.AddRange((await announcement.TranslateAsync(null!, [Stored((dynamic)e)], CancellationToken.None)).Select(m => m.Message));

        await Assert.MultipleAsync(() =>
        {
            foreach (var message in said.Where(m => m is not Fleet.Contracts.Telemetry.V1.DeviceDescribed { Location: null }))
                Golden.Holds("../../contracts/golden", BusNames.Of(message.GetType()), message, Json);
            return Task.CompletedTask;
        });
        Assert.That(said.Select(m => m.GetType()).Distinct().Count(), Is.EqualTo(6));
    }

    [Test]
    public async Task What_is_announced_of_agents_never_changes_its_form()
    {
        AgentEvent[] events =
        [
            new AgentEvent.BatchRefused(8, "signature", "acme.hq.reading", new string('0', 64), 1234, Noon, Forged: true), new AgentEvent.FellSilent("site-dark", Noon, Noon.AddMinutes(15)), new AgentEvent.SpokeAgain(Noon.AddMinutes(20)),
        ];
        foreach (var (e, announcement) in events.Zip(AnnounceAgent.All))
            foreach (var said in await announcement.TranslateAsync(null!, [Of((dynamic)e)], CancellationToken.None))
                Golden.Public(said.Message);
        Assert.That(await AnnounceAgent.All[0].TranslateAsync(null!, [Of(new AgentEvent.BatchRefused(8, "schema", "acme.hq.reading", new string('0', 64), 1234, Noon))], CancellationToken.None), Is.Empty, "what its agent said wrongly is no alarm");
    }

    private static IEvent Of<T>(T data) where T : notnull =>
        new Event<T>(data) { Id = new Guid("01930000-0000-7000-8000-000000000001"), TenantId = "acme", StreamKey = Agent.StreamKey("hq/acme-hq") };

    [Test]
    public void What_the_gate_asks_never_changes_its_form() =>
        Golden.Public(new Fleet.Contracts.Telemetry.V1.ConsentsAsked(new("01930000-0000-7000-8000-000000000002"), [new("acme", 2), new("globex", 0)]));

    private static IEvent Stored<T>(T data) where T : notnull =>
        new Event<T>(data) { Id = new Guid("01930000-0000-7000-8000-000000000001"), TenantId = "acme", StreamKey = Device.StreamKey("6e9e1399a559e1e4") };

    // A snapshot is read back into the state the fold would give.
    [Test]
    public void A_devices_state_survives_its_snapshot()
    {
        var device = All.OfType<DeviceEvent>().Aggregate(Device.Unknown, Device.Evolve);

        var back = JsonSerializer.Deserialize<Device>(JsonSerializer.Serialize(device, Json), Json)!;

        Assert.That(JsonSerializer.Serialize(back, Json), Is.EqualTo(JsonSerializer.Serialize(device, Json)));
        Assert.That(back.Supplies["1.1"], Is.EqualTo(device.Supplies["1.1"]));
        Assert.That(back.Meters.Same(device.Meters) && !device.Meters.Tails.IsEmpty);
        Assert.That(back.Card, Is.EqualTo(device.Card));
    }

    [Test]
    public void An_agents_state_survives_its_snapshot()
    {
        var agent = All.OfType<AgentEvent>().Where(e => e is not AgentEvent.SequenceRestarted).Aggregate(Agent.Unheard, Agent.Evolve);

        var back = JsonSerializer.Deserialize<Agent>(JsonSerializer.Serialize(agent, Json), Json)!;

        Assert.That(agent.Missing, Is.Not.Empty);
        Assert.That(back.Missing.SequenceEqual(agent.Missing) && back.Highest == agent.Highest);
        Assert.That((back.Last, back.Keys), Is.EqualTo((agent.Last, agent.Keys)));
    }

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static IEnumerable<string> Names => Telemetry.Module.Streams.SelectMany(s => s.EventTypes.Keys);

    public static DeviceEvent SampleOf(Type type) => All.OfType<DeviceEvent>().First(e => e.GetType() == type);

    private static object Sample(string name) =>
        All.Single(e => e.GetType() == Telemetry.Module.Streams.SelectMany(s => s.EventTypes).Single(t => t.Key == name).Value);
}

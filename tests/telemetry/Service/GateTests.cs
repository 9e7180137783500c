using System.Net;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Telemetry.Devices;
using Fleet.Testing;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Real batches through a real broker into a real database, seen in the API and on the bus.</summary>
public class GateTests
{
    private RunningTelemetry _telemetry = null!;
    private static readonly string Id = DeviceIdentity.IdOf("acme", "hq", P2040);

    [SetUp]
    public async Task StartAsync() => _telemetry = await RunningTelemetry.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    [Test]
    public async Task What_a_device_says_is_in_the_API()
    {
        var site = new Site();
        await _telemetry.ReceiveAsync(site,
            site.SendsAt(Noon, Seen(location: "Second floor"), Meter(7342), Toner(3600), Status("warning", "lowToner")),
            site.SendsAt(Noon.AddHours(1), Meter(7350)),
            site.SendsAt(Noon.AddMinutes(30), Meter(7346)));

        var device = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{Id}");
        var readings = await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{Id}/readings");
        var supplies = await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{Id}/supplies");
        Assert.Multiple(() =>
        {
            Assert.That(Texts(device, "id", "tenantId", "siteId", "manufacturer", "model", "serial", "location", "status", "profile"),
                Is.EqualTo(new[] { Id, "acme", "hq", "Kyocera", "ECOSYS P2040dn", "VXA1234567", "Second floor", "warning", "kyocera/3" }));
            Assert.That(device.GetProperty("lastSeenAt").GetDateTimeOffset(), Is.EqualTo(Noon.AddHours(1)));
            Assert.That(device.GetProperty("counters")[0].GetProperty("value").GetInt64(), Is.EqualTo(7350));
            Assert.That(device.GetProperty("supplies")[0].GetProperty("percent").GetDecimal(), Is.EqualTo(50));
            Assert.That(device.GetProperty("supplies")[1].GetProperty("percent").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(readings.Select(r => r.GetProperty("counters")[0].GetProperty("value").GetInt64()), Is.EqualTo(new[] { 7342, 7346, 7350 }));
            Assert.That(readings.Select(r => r.GetProperty("late").GetBoolean()), Is.EqualTo(new[] { false, true, false }));
            Assert.That(readings[0].GetProperty("counters")[0].GetProperty("oid").GetString(), Is.EqualTo("1.3.6.1.4.1.1347.43.10.1.1.12.1.1"));
            Assert.That(supplies.Select(s => s.GetProperty("slot").GetString()), Is.EqualTo(new[] { "1.1", "1.2" }));
        });
    }

    [Test]
    public async Task Lists_are_searched_filtered_and_paged()
    {
        var site = new Site();
        DeviceRef Printer(int n) => new($"k{n}", "Kyocera", $"SN{n:00}");
        await _telemetry.ReceiveAsync(site,
            site.SendsAt(Noon, [.. Enumerable.Range(1, 7).Select(n => Seen(Printer(n)))]),
            site.SendsAt(Noon, [Status("down") with { Device = Printer(3) }, .. Enumerable.Range(0, 5).Select(i => Meter(i, Printer(1)))]));

        var first = await _telemetry.GetAsync("/api/v1/tenants/acme/devices?limit=5");
        var second = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices?limit=5&cursor={first.GetProperty("next").GetString()}");
        var down = await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices?status=down");
        var found = await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices?q=sn05&site=hq");
        var elsewhere = await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices?site=plant");
        var readings = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{DeviceIdentity.IdOf("acme", "hq", Printer(1))}/readings?limit=3");
        var outside = await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{DeviceIdentity.IdOf("acme", "hq", Printer(1))}/readings?from={Noon.AddSeconds(1):O}".Replace("+", "%2B", StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That(Ids(first).Concat(Ids(second)).Distinct().Count(), Is.EqualTo(7));
            Assert.That(second.GetProperty("next").ValueKind, Is.EqualTo(JsonValueKind.Null));
            Assert.That(down.Select(d => d.GetProperty("serial").GetString()), Is.EqualTo(new[] { "SN03" }));
            Assert.That(found.Select(d => d.GetProperty("serial").GetString()), Is.EqualTo(new[] { "SN05" }));
            Assert.That(elsewhere, Is.Empty);
            Assert.That(readings.GetProperty("items").GetArrayLength(), Is.EqualTo(3));
            Assert.That(readings.GetProperty("next").GetString(), Is.Not.Null);
            Assert.That(outside, Is.Empty);
        });
    }

    [Test]
    public async Task What_was_decided_is_announced_under_the_id_of_the_edge_event()
    {
        var site = new Site();
        var (readings, described) = (await _telemetry.Service.Bus.ListenAsync<ReadingsAccepted>(), await _telemetry.Service.Bus.ListenAsync<DeviceDescribed>());
        var (supplies, statuses) = (await _telemetry.Service.Bus.ListenAsync<SupplyLevelChanged>(), await _telemetry.Service.Bus.ListenAsync<DeviceStatusChanged>());
        var (raised, cleared) = (await _telemetry.Service.Bus.ListenAsync<DeviceAlertRaised>(), await _telemetry.Service.Bus.ListenAsync<DeviceAlertCleared>());

        await _telemetry.ReceiveAsync(site, site.Sends(
            (Seen(), Noon), (Meter(7342), Noon), (Toner(3600), Noon), (Status("warning", "lowToner"), Noon), (Raised(), Noon), (Cleared(), Noon.AddMinutes(1))));

        var reading = (await readings.WaitAsync(1)).Single().Readings.Single();
        await supplies.WaitAsync(2);
        foreach (var heard in new Task[] { described.WaitAsync(1), statuses.WaitAsync(1), raised.WaitAsync(1), cleared.WaitAsync(1) })
            await heard;
        Assert.Multiple(() =>
        {
            Assert.That((reading.ReadingId, reading.DeviceId, reading.Profile, reading.Counters[0].Value), Is.EqualTo((site.IdOf(2), Id, "kyocera/3", 7342L)));
            Assert.That(described.Ids, Is.EqualTo(new Guid?[] { site.IdOf(1) }));
            Assert.That(statuses.Ids, Is.EqualTo(new Guid?[] { site.IdOf(4) }));
            Assert.That(raised.Ids, Is.EqualTo(new Guid?[] { site.IdOf(5) }));
            Assert.That(cleared.Ids, Is.EqualTo(new Guid?[] { site.IdOf(6) }));
            Assert.That(supplies.Messages.Select(s => s.Percent), Is.EquivalentTo(new decimal?[] { 50, null }));
        });
    }

    [Test]
    public async Task An_alert_has_a_lane_of_its_own()
    {
        var site = new Site();

        await _telemetry.ReceiveAsync(site, site.Deliver(++site.Sequence, [site.Event(Raised(), Noon)], EdgeBatch.AlertLane), site.SendsAt(Noon, Meter(1)));

        var device = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{Id}");
        Assert.That(device.GetProperty("serial").GetString(), Is.EqualTo("VXA1234567"));
    }

    [Test]
    public async Task Whatever_an_agent_sends_is_acknowledged_counted_and_blocks_nothing()
    {
        var site = new Site();
        var good = site.SendsAt(Noon, Meter(1));
        site.Sequence = 4;

        // What is no array, or too large to be looked at, is nobody's word: the true batches of those numbers come after.
        await _telemetry.ReceiveAsync(site,
            good,
            site.Deliver(2, "not json"),
            site.Deliver(2, new string(' ', 1024 * 1024 + 1)),
            site.Deliver(2, "[]") with { ContentType = "application/vnd.masstransit+json" },
            good with { RoutingKey = "globex.hq.reading", Sequence = 1 },
            good with { Agent = null },
            site.Deliver(3, "[]") with { ContentType = null },
            site.Deliver(4, "[{\"user\":\"anna\"}]"),
            site.SendsAt(Noon, Meter(2)));

        var acme = await _telemetry.ItemsAsync("/api/v1/tenants/acme/refusals");
        var globex = await _telemetry.ItemsAsync("/api/v1/tenants/globex/refusals", "globex");
        var readings = await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{Id}/readings");
        using var http = _telemetry.Service.With();
        var metrics = await http.GetStringAsync("/metrics");
        Assert.Multiple(() =>
        {
            Assert.That(metrics, Does.Contain("fleet_telemetry_refused_total{reason=\"schema\"}").And.Contain("fleet_telemetry_events_accepted_total ")
                .And.Contain("fleet_telemetry_append_duration_seconds_count ").And.Contain("fleet_telemetry_batch_events_count "));
            Assert.That(acme.Select(r => (r.GetProperty("reason").GetString(), r.GetProperty("batches").GetInt64())),
                Is.EquivalentTo(new[] { ("schema", 2L), ("content-type", 2L), ("oversize", 1L), ("agent", 1L) }));
            Assert.That(globex.Select(r => r.GetProperty("reason").GetString()), Is.EqualTo(new[] { "tenant" }));
            Assert.That(readings, Has.Length.EqualTo(2));
        });
    }

    [Test]
    public async Task A_batch_delivered_again_appends_nothing()
    {
        var site = new Site();
        var batch = site.SendsAt(Noon, Seen(), Meter(1));

        await _telemetry.ReceiveAsync(site, batch, batch, batch);
        await _telemetry.ReceiveAsync(site, batch, site.SendsAt(Noon, Meter(2)));

        Assert.That(await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{Id}/readings"), Has.Length.EqualTo(2));
        var agent = (await _telemetry.ItemsAsync("/api/v1/agents")).Single();
        Assert.That((agent.GetProperty("acceptedBatches").GetInt64(), agent.GetProperty("keptEvents").GetInt64()), Is.EqualTo((2, 3)));
    }

    [Test]
    public async Task The_agents_trace_is_on_every_event_it_caused()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var site = new Site();

        await _telemetry.ReceiveAsync(site, site.SendsAt(Noon, Seen(), Meter(1)) with { TraceParent = trace });

        await using var session = _telemetry.Store.LightweightSession("acme");
        var events = await session.Events.FetchStreamAsync(Device.StreamKey(Id));
        Assert.That(events, Has.Count.EqualTo(3), "the device, the epochs of its counters, the reading");
        Assert.That(events.Select(e => e.Headers?["traceparent"][..35]), Is.All.EqualTo(trace[..35]));
    }

    // An archived stream takes no events: a defect, from the gate's point of view. It must stay with the one batch it is in.
    [Test]
    public async Task A_defect_over_one_batch_stays_with_that_batch()
    {
        var site = new Site();
        await _telemetry.ReceiveAsync(site, site.SendsAt(Noon, Meter(1)));
        await using (var session = _telemetry.Store.LightweightSession("acme"))
        {
            session.Events.ArchiveStream(Device.StreamKey(Id));
            await session.SaveChangesAsync();
        }

        var others = new Site("globex", "plant", "globex-plant");
        await Task.WhenAll(
            _telemetry.Edge.PublishAsync(others.SendsAt(Noon, Meter(2))),
            _telemetry.Edge.PublishAsync(site.SendsAt(Noon, Meter(2))),
            _telemetry.Edge.PublishAsync(others.SendsAt(Noon, Meter(3))));

        await _telemetry.HeardAsync(others);
        await Eventually.IsTrueAsync("one batch in the error queue", async () =>
            await _telemetry.Edge.CountAsync("telemetry-edge-reading_error") == 1);
    }

    [Test]
    public async Task An_unknown_device_is_a_problem_with_a_type()
    {
        using var http = _telemetry.Service.As("technician", "acme");
        foreach (var path in new[] { "", "/readings", "/supplies" })
        {
            using var answer = await http.GetAsync($"/api/v1/tenants/acme/devices/0123456789abcdef{path}");
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Contain("unknown-device"));
        }
    }

    private static IEnumerable<string?> Texts(JsonElement e, params string[] names) => names.Select(n => e.GetProperty(n).GetString());

    private static IEnumerable<string?> Ids(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(d => d.GetProperty("id").GetString());
}

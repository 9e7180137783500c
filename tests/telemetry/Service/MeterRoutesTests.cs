using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Readings with their quality, epochs, daily meters and corrections, from the bus to the API.</summary>
public class MeterRoutesTests
{
    private static readonly string Id = DeviceIdentity.IdOf("acme", "hq", P2040), Path = $"/api/v1/tenants/acme/devices/{Id}";
    private readonly Site _site = new();
    private RunningTelemetry _telemetry = null!;

    // Two days; on the second a reading that cannot be, the next one as it should be, and one that comes late.
    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        await _telemetry.ReceiveAsync(_site,
            _site.SendsAt(Noon.AddDays(-1), Seen(), Total(1_000)),
            _site.SendsAt(Noon.AddDays(-1).AddHours(1), Total(1_050)),
            _site.SendsAt(Noon.AddHours(-2), Total(800_000)),
            _site.SendsAt(Noon, Total(1_200)),
            _site.SendsAt(Noon.AddHours(-3), Total(1_150)));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    [Test, Order(1)]
    public async Task Readings_say_how_good_they_are_and_why()
    {
        var readings = await _telemetry.ItemsAsync($"{Path}/readings");

        Assert.That(readings.Select(r => (r.GetProperty("counters")[0].GetProperty("value").GetInt64(), r.GetProperty("quality").GetString())), Is.EqualTo(new[]
        {
            (1_000L, "good"), (1_050L, "good"), (1_150L, "late"), (800_000L, "implausible"), (1_200L, "decrease"),
        }));
        Assert.That(readings[3].GetProperty("counters")[0].GetProperty("reasons")[0].GetString(), Does.StartWith("jump: 798850 more than before"), "against the late one, which it did not know when it came");
        Assert.That(readings[0].GetProperty("agent").GetString(), Is.EqualTo("hq/acme-hq"));
    }

    [Test, Order(2)]
    public async Task Epochs_show_their_evidence()
    {
        var epochs = await _telemetry.ItemsAsync($"{Path}/epochs");

        Assert.That(epochs.Select(e => (e.GetProperty("epoch").GetInt32(), e.GetProperty("reason").GetString(), e.GetProperty("value").GetInt64())),
            Is.EqualTo(new[] { (1, "first", 1_000L), (2, "jump", 800_000L), (3, "reset", 1_200L) }));
        var before = epochs[1].GetProperty("before");
        Assert.That((before.GetProperty("value").GetInt64(), before.GetProperty("readingId").GetGuid()), Is.EqualTo((1_150L, _site.IdOf(6))));
    }

    [Test, Order(3)]
    public async Task Days_say_what_they_counted() =>
        Assert.That(await DaysAsync(), Is.EqualTo(new[] { ("2026-11-20", 1_050L, 50L, 1, "good"), ("2026-11-21", 1_200L, 100L, 3, "implausible") }));

    [Test, Order(3)]
    public async Task Readings_say_what_their_profile_would_name_them_now()
    {
        var first = (await _telemetry.ItemsAsync($"{Path}/readings/named?limit=1")).Single();

        Assert.That(first.GetProperty("said").GetProperty("profile").GetString(), Is.EqualTo("kyocera/3"));
        Assert.That(first.GetProperty("says").GetProperty("counters").EnumerateArray().Select(c => (c.GetProperty("name").GetString(), c.GetProperty("value").GetInt64())), Is.EqualTo(new[] { ("total", 1_000L) }));
        Assert.That(first.GetProperty("says").GetProperty("undecided").EnumerateArray().Select(u => u.GetProperty("name").GetString()), Has.Member("a3"), "not kept, not guessed");
        using var http = _telemetry.Service.As("technician", "acme");
        Assert.That((await http.GetAsync($"{Path}/readings/named?profile=nobody")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test, Order(4)]
    public async Task Who_may_not_correct_a_reading_does_not()
    {
        var wrong = await IdOfWrongAsync();
        Assert.That(await CorrectAsync(wrong, Excluded, "technician"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await CorrectAsync(wrong, Excluded, "customer-admin"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await CorrectAsync(wrong, Excluded, "billing", "globex"), Is.EqualTo(HttpStatusCode.NotFound), "another tenant's reading");
        Assert.That(await CorrectAsync(Guid.Empty, Excluded, "billing"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await CorrectAsync(wrong, new { kind = "asserted", why = "x", counter = "total" }, "billing"), Is.EqualTo(HttpStatusCode.BadRequest), "no value");
        Assert.That(await CorrectAsync(wrong, new { kind = "excluded" }, "billing"), Is.EqualTo(HttpStatusCode.BadRequest), "no reason");
    }

    [Test, Order(5)]
    public async Task A_person_corrects_and_the_reading_stays()
    {
        var wrong = await IdOfWrongAsync();
        Assert.That(await CorrectAsync(wrong, Excluded, "billing"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await CorrectAsync(wrong, Excluded, "billing"), Is.EqualTo(HttpStatusCode.OK), "again");
        await _telemetry.Service.SettledAsync();

        var reading = (await _telemetry.ItemsAsync($"{Path}/readings")).Single(r => r.GetProperty("readingId").GetGuid() == wrong);
        Assert.That(reading.GetProperty("counters")[0].GetProperty("value").GetInt64(), Is.EqualTo(800_000), "as it was read");
        Assert.That(reading.GetProperty("quality").GetString(), Is.EqualTo("excluded"));
        var said = reading.GetProperty("corrections");
        Assert.That((said.GetArrayLength(), said[0].GetProperty("why").GetString()), Is.EqualTo((1, "the panel says 1,160")));
        Assert.That(said[0].GetProperty("by").GetString(), Is.Not.Empty);
        Assert.That((await _telemetry.ItemsAsync($"{Path}/epochs")).Length, Is.EqualTo(1), "no jump, no fall: one epoch");
        Assert.That((await DaysAsync())[1], Is.EqualTo(("2026-11-21", 1_200L, 150L, 1, "excluded")));
    }

    [Test, Order(6)]
    public async Task What_is_asserted_counts_and_what_is_restored_counts_as_it_was_read()
    {
        var wrong = await IdOfWrongAsync();
        Assert.That(await CorrectAsync(wrong, new { kind = "asserted", counter = "total", value = 1_160, why = "the panel" }, "billing"), Is.EqualTo(HttpStatusCode.OK));
        await _telemetry.Service.SettledAsync();
        Assert.That((await DaysAsync())[1], Is.EqualTo(("2026-11-21", 1_200L, 150L, 1, "excluded")), "one counter is asserted, of the rest the reading stays excluded");

        foreach (var counter in new[] { null, "total" })
            Assert.That(await CorrectAsync(wrong, new { kind = "restored", counter, why = "after all" }, "provider-admin"), Is.EqualTo(HttpStatusCode.OK));
        await _telemetry.Service.SettledAsync();
        Assert.That((await DaysAsync())[1], Is.EqualTo(("2026-11-21", 1_200L, 100L, 3, "implausible")));
    }

    private static readonly object Excluded = new { kind = "excluded", why = "the panel says 1,160" };

    private async Task<Guid> IdOfWrongAsync() =>
        (await _telemetry.ItemsAsync($"{Path}/readings")).Single(r => r.GetProperty("counters")[0].GetProperty("value").GetInt64() == 800_000).GetProperty("readingId").GetGuid();

    private async Task<(string?, long, long, int, string?)[]> DaysAsync()
    {
        var answer = await _telemetry.GetAsync($"{Path}/meters?from=2026-11-01&to=2026-11-30");
        Assert.That(answer.GetProperty("timeZone").GetString(), Is.EqualTo("UTC"));
        return [.. answer.GetProperty("items").EnumerateArray().Select(day => (day, Total: day.GetProperty("counters").EnumerateArray().Single())).Select(d => (
            d.day.GetProperty("day").GetString(), d.Total.GetProperty("closing").GetInt64(), d.Total.GetProperty("pages").GetInt64(),
            d.Total.GetProperty("epoch").GetInt32(), d.Total.GetProperty("quality").GetString()))];
    }

    private async Task<HttpStatusCode> CorrectAsync(Guid reading, object body, string role, string tenant = "acme")
    {
        using var http = _telemetry.Service.As(role, tenant);
        using var answer = await http.PostAsJsonAsync($"/api/v1/tenants/{tenant}/devices/{Id}/readings/{reading}/corrections", body);
        return answer.StatusCode;
    }

    private static MeterRead Total(long value) => new(P2040, Kyocera, [new CounterRead("total", value, "impressions", "1.3.6.1.4.1.1347.43.10.1.1.12.1.1")]);
}

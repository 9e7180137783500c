using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>The list in any order, the fleet in numbers, and all of it as it was known before.</summary>
public class FleetTests
{
    private static readonly string[] Names = ["delta", "alpha", "charlie", "bravo", "alpha"];

    private readonly Site _hq = new();
    private RunningTelemetry _telemetry = null!;
    private DateTimeOffset _before;

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        await _telemetry.ReceiveAsync(_hq, _hq.Sends([.. Names.Select((name, n) => ((object)(Seen(Printer(n), model: $"M{n % 2}") with { Name = name }), Noon.AddMinutes(n)))]));
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddHours(1), Status("down") with { Device = Printer(0) }, Toner(3600, Printer(1))));
        _before = _telemetry.Service.Clock.GetUtcNow();
        _telemetry.Service.Clock.Advance(TimeSpan.FromMinutes(1));
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddHours(2), Seen(Printer(0), model: "M9"), Status() with { Device = Printer(0) }, Toner(360, Printer(1)), Seen(Printer(9))));
        using var http = _telemetry.Service.As("technician", "acme");
        using var retired = await http.PostAsJsonAsync($"/api/v1/tenants/acme/devices/{Id(2)}/retire", new { reason = "scrapped" });
        Assert.That(retired.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        await _telemetry.Service.SettledAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    [TestCase("name", new[] { "", "", "alpha", "alpha", "bravo" })]
    [TestCase("-name", new[] { "bravo", "alpha", "alpha", "", "" })]
    public async Task A_list_is_paged_in_its_order_and_each_device_comes_once(string sort, string[] names)
    {
        var devices = await PagedAsync($"sort={sort}&limit=2");
        Assert.That(devices.Select(d => d.GetProperty("name").GetString() ?? ""), Is.EqualTo(names));
        Assert.That(devices.Select(d => d.GetProperty("id").GetString()).Distinct().Count(), Is.EqualTo(5));
    }

    [TestCase("lastSeen")]
    [TestCase("-lastSeen")]
    [TestCase("model")]
    [TestCase("-status")]
    [TestCase("site")]
    [TestCase("-id")]
    public async Task Every_order_is_whole_and_the_other_way_round_is_its_reverse(string sort)
    {
        var (one, other) = (await PagedAsync($"sort={sort}&limit=2"), await PagedAsync($"sort={(sort[0] == '-' ? sort[1..] : "-" + sort)}&limit=3"));
        Assert.That(one.Select(IdOf), Is.EqualTo(other.Select(IdOf).Reverse()));
        Assert.That(one.Length, Is.EqualTo(5));
    }

    [Test]
    public async Task An_order_there_is_none_of_and_a_cursor_of_another_are_refused()
    {
        using var http = _telemetry.Service.As("technician", "acme");
        Assert.That((await http.GetAsync("/api/v1/tenants/acme/devices?sort=price")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        var next = (await _telemetry.GetAsync("/api/v1/tenants/acme/devices?sort=name&limit=1")).GetProperty("next").GetString();
        Assert.That((await http.GetAsync($"/api/v1/tenants/acme/devices?sort=lastSeen&cursor={next}")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task The_fleet_in_numbers()
    {
        var now = await _telemetry.GetAsync("/api/v1/tenants/acme/summary");
        Assert.That(Numbers(now), Is.EqualTo((5, 1, 0, 1)));
        Assert.That(now.GetProperty("byStatus").GetRawText(), Is.EqualTo("""{"running":1,"unknown":4}"""));
        Assert.That(now.GetProperty("byModel").GetRawText(), Is.EqualTo("""{"ECOSYS P2040dn":1,"M0":1,"M1":2,"M9":1}"""));
        Assert.That(now.GetProperty("bySite").GetRawText(), Is.EqualTo("""{"hq":5}"""));
    }

    [Test]
    public async Task What_is_folded_as_of_now_is_what_the_views_show()
    {
        var at = At(_telemetry.Service.Clock.GetUtcNow().AddMinutes(1));
        Assert.That((await _telemetry.GetAsync($"/api/v1/tenants/acme/summary?at={at}")).GetRawText(), Is.EqualTo((await _telemetry.GetAsync("/api/v1/tenants/acme/summary")).GetRawText()));
        var (folded, shown) = (await PagedAsync($"at={at}&limit=2"), await PagedAsync("limit=1000"));
        Assert.That(folded.Select(Known), Is.EqualTo(shown.Select(Known)));
    }

    [Test]
    public async Task What_came_later_was_not_known_before_however_early_it_was_observed()
    {
        var at = At(_before);
        var then = await _telemetry.GetAsync($"/api/v1/tenants/acme/summary?at={at}");
        Assert.That(Numbers(then), Is.EqualTo((5, 0, 0, 0)));
        Assert.That(then.GetProperty("byStatus").GetRawText(), Is.EqualTo("""{"down":1,"unknown":4}"""));
        var device = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{Id(0)}?at={at}");
        Assert.That((device.GetProperty("model").GetString(), device.GetProperty("status").GetString()), Is.EqualTo(("M0", "down")));
        Assert.That((await PagedAsync($"at={at}&status=down")).Select(IdOf), Is.EqualTo(new[] { Id(0) }));
        using var http = _telemetry.Service.As("technician", "acme");
        Assert.That((await http.GetAsync($"/api/v1/tenants/acme/devices/{Id(9)}?at={at}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound), "not heard of yet");
    }

    private static DeviceRef Printer(int n) => new($"k{n}", "Kyocera", $"SN{n}");

    private static string Id(int n) => DeviceIdentity.IdOf("acme", "hq", Printer(n));

    private static string At(DateTimeOffset time) => Uri.EscapeDataString(time.ToString("O"));

    private static string? IdOf(JsonElement device) => device.GetProperty("id").GetString();

    // How long supplies will last depends on the time it is asked at.
    private static string Known(JsonElement device) =>
        string.Join('\n', device.EnumerateObject().Where(member => member.Name != "supplies").Select(member => member.ToString()))
        + string.Join('\n', device.GetProperty("supplies").EnumerateArray().Select(supply => $"{supply.GetProperty("slot")} {supply.GetProperty("percent")}"));

    private static (long, long, long, long) Numbers(JsonElement summary)
    {
        long Of(string name) => summary.GetProperty(name).GetInt64();
        return (Of("devices"), Of("retired"), Of("silent"), Of("lowSupplies"));
    }

    private async Task<JsonElement[]> PagedAsync(string query)
    {
        var all = new List<JsonElement>();
        for (string? next = ""; next is not null;)
        {
            var page = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices?{query}{(next.Length > 0 ? $"&cursor={next}" : "")}");
            all.AddRange(page.GetProperty("items").EnumerateArray());
            next = page.GetProperty("next").GetString();
        }
        return [.. all];
    }
}

using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Tests.Service;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Supplies;

/// <summary>From what an agent tells to what the API says of it.</summary>
public class SuppliesApiTests
{
    private static readonly string Path = $"/api/v1/tenants/acme/devices/{DeviceIdentity.IdOf("acme", "hq", P2040)}";
    private RunningTelemetry _telemetry = null!;
    private JsonElement[] _supplies = null!;

    [OneTimeSetUp]
    public async Task TellAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        var (site, today) = (new Site(), _telemetry.Service.Clock.GetUtcNow());
        // Half a point a day and ten pages for each: 100 at the beginning, changed at 20 after 160 days, and at 80 now.
        var looks = Enumerable.Range(0, 201).SelectMany(day => new[]
        {
            site.SendsAt(today.AddDays(day - 200), Meter(1000 + day * 5)),
            site.SendsAt(today.AddDays(day - 200).AddMinutes(1), Supplies(day < 160 ? 100 - day / 2 : 100 - (day - 160) / 2, withDrum: day < 150)),
        });
        await _telemetry.ReceiveAsync(site, [site.SendsAt(today.AddDays(-201), Seen()), .. looks]);
        _supplies = await _telemetry.ItemsAsync($"{Path}/supplies");
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    [Test]
    public void The_forecast_says_when_it_will_be_empty_and_how_sure_that_is()
    {
        var forecast = _supplies[0].GetProperty("forecast");
        Assert.Multiple(() =>
        {
            Assert.That(forecast.GetProperty("daysLeft").GetDouble(), Is.EqualTo(160).Within(8));
            Assert.That(forecast.GetProperty("daysLow").GetDouble(), Is.LessThan(150).And.GreaterThan(100));
            Assert.That(forecast.GetProperty("daysHigh").GetDouble(), Is.GreaterThan(170).And.LessThan(260));
            Assert.That(forecast.GetProperty("percentPerDay").GetDouble(), Is.EqualTo(0.5).Within(0.05));
            Assert.That(forecast.GetProperty("emptyAt").GetDateTimeOffset(), Is.GreaterThan(_telemetry.Service.Clock.GetUtcNow().AddDays(140)));
        });
    }

    [Test]
    public void What_was_replaced_is_told_with_what_was_left()
    {
        var last = _supplies[0].GetProperty("lastReplacement");
        Assert.That((last.GetProperty("evidence").GetString(), last.GetProperty("percentLeft").GetDecimal(), last.GetProperty("premature").GetBoolean()), Is.EqualTo(("rise", 21m, true)));
        Assert.That(_supplies[0].GetProperty("replacements").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void Use_is_told_per_thousand_pages() =>
        Assert.That(_supplies[0].GetProperty("percentPer1000Pages").GetDecimal(), Is.EqualTo(100m).Within(3m), "20 points in 40 days of 5 pages");

    [Test]
    public void Some_remaining_has_no_days_and_says_why()
    {
        var forecast = _supplies[2].GetProperty("forecast");
        Assert.That((_supplies[2].GetProperty("gauge").GetString(), forecast.GetProperty("whyNot").GetString()), Is.EqualTo(("some-remaining", "some-remaining")));
        Assert.That(forecast.GetProperty("daysLeft").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public void A_supply_that_left_the_table_is_not_frozen()
    {
        Assert.That(_supplies[1].GetProperty("removedAt").ValueKind, Is.EqualTo(JsonValueKind.String));
        Assert.That(_supplies[1].GetProperty("forecast").GetProperty("whyNot").GetString(), Is.EqualTo("removed"));
    }

    [Test]
    public async Task The_list_of_devices_says_how_long_each_supply_lasts()
    {
        var summary = (await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices"))[0].GetProperty("supplies").EnumerateArray().ToArray();
        Assert.That(summary.Select(s => s.GetProperty("slot").GetString()), Is.EqualTo(new[] { "1.1", "1.3" }), "without the one that is gone");
        Assert.That(summary[0].GetProperty("daysLeft").GetDouble(), Is.EqualTo(_supplies[0].GetProperty("forecast").GetProperty("daysLeft").GetDouble()).Within(0.2));
    }

    private static SuppliesRead Supplies(int percent, bool withDrum)
    {
        SupplyRead[] always =
        [
            new("1.1", "TK-1170", "toner", "consumed", "black", "percent", "measured", percent, 100, percent),
            new("1.3", "Waste Toner Box", "wasteToner", "receptacle", null, "other", "some-remaining"),
        ];
        return new(P2040, Kyocera, withDrum ? [.. always, new("1.2", "DK-1150", "opc", "consumed", null, "percent", "measured", 90, 100, 90)] : always);
    }
}

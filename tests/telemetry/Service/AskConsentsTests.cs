using Fleet.Contracts.Consent.V1;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Tests.Gate;
using Fleet.Testing;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>The gate judges by what stands when a batch has come, not by what has arrived of it over the bus.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class AskConsentsTests
{
    private RunningTelemetry _telemetry = null!;
    private readonly Site _hq = new();

    [SetUp]
    public async Task StartAsync() => _telemetry = await RunningTelemetry.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    [Test]
    public async Task A_withdrawal_counts_although_its_news_has_not_arrived()
    {
        _telemetry.Service.Desk!.Newer = asked => [.. asked.Known.Where(known => known is { TenantId: "acme", Version: 1 }).Select(_ => Told(until: Noon))];

        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddSeconds(-1), Meter(1)), _hq.SendsAt(Noon, Meter(2)));

        var readings = await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{DeviceIdentity.IdOf("acme", "hq", P2040)}/readings");
        var refusals = await _telemetry.ItemsAsync("/api/v1/tenants/acme/refusals");
        Assert.That(readings.Select(r => r.GetProperty("counters")[0].GetProperty("value").GetInt64()), Is.EqualTo(new[] { 1L }));
        Assert.That(refusals.Select(r => r.GetProperty("reason").GetString()), Is.EqualTo(new[] { "no-purpose" }));
    }

    [Test]
    public async Task While_nobody_says_what_stands_batches_wait_and_then_all_come()
    {
        _telemetry.Service.Desk!.Answers = false;
        await _telemetry.Edge.PublishAsync(_hq.SendsAt(Noon, Meter(1)));
        await Eventually.IsTrueAsync("the gate to have given up on an answer", () => Task.FromResult(_telemetry.Service.Log.Lines.Any(line => line.Contains("has not said within", StringComparison.Ordinal))));
        Assert.That((await _telemetry.AgentAsync(_hq))?.Highest ?? 0, Is.Zero, "nothing was accepted without an answer");

        _telemetry.Service.Desk!.Answers = true;
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddHours(1), Meter(2)));
        Assert.That(await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{DeviceIdentity.IdOf("acme", "hq", P2040)}/readings"), Has.Length.EqualTo(2));
    }

    private static ToldConsents Told(DateTimeOffset until)
    {
        ConsentSpan[] Spans(params string[] names) => [.. names.Select(name => new ConsentSpan(name, Noon.AddYears(-2), until))];
        return new("acme", 2, Spans("fleet-management", "billing"), Spans(GateWorld.AllGroups));
    }
}

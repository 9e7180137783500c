using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Telemetry.Agents;
using Fleet.Telemetry.Devices;
using Fleet.Telemetry.Silence;
using Npgsql;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>Who should have spoken and did not, by the clock and through the running service; then timeline and history show it.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class SilenceTests
{
    // It looks when the test does: never by itself.
    private static readonly (string, string)[] Never = [("FLEET_SILENCE_EVERY", "01:00:00"), ("FLEET_SILENCE_CATCH_UP", "00:20:00")];
    private static readonly DeviceRef Printer = new("k1", "Kyocera", "VXA1", "00:17:c8:00:00:01", "192.0.2.17");
    private static readonly string Id = DeviceIdentity.IdOf("acme", "hq", Printer);

    private readonly Site _hq = new(), _second = new(agent: "acme-hq-2");
    private RunningTelemetry _telemetry = null!;
    private WatchSilence _watch = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync(Never);
        _watch = new WatchSilence(_telemetry.Service.Context(Telemetry.Module));
        await LookAsync();
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Now, Seen(Printer), Status() with { Device = Printer }));
        await _telemetry.ReceiveAsync(_second, _second.SendsAt(Now, Health()));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _watch.Dispose();
        await _telemetry.DisposeAsync();
    }

    [Test]
    public async Task A_printer_nobody_speaks_of_is_called_silent_once_announced_and_heard_again()
    {
        var statuses = await _telemetry.Service.Bus.ListenAsync<DeviceStatusChanged>();
        await PassAsync(TimeSpan.FromHours(27), speaks: true);
        await LookAsync();
        await LookAsync();

        var device = await DeviceAsync();
        Assert.That(device.GetProperty("silentCause").GetString(), Is.EqualTo("not-heard"));
        Assert.That((await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices?silent=true")).Length, Is.EqualTo(1));
        Assert.That((await statuses.WaitAsync(1)).Single().DeviceStatus, Is.EqualTo("unreachable"));

        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Now, Meter(1, Printer)));
        Assert.That((await DeviceAsync()).GetProperty("silentSince").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((await statuses.WaitAsync(2))[^1].DeviceStatus, Is.EqualTo("running"), "as it was before");

        var history = await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{Id}/history");
        Assert.That(history.Select(h => h.GetProperty("kind").GetString()), Is.EqualTo(new[] { "read", "epoch", "heard", "silent", "status", "registered" }));
        Assert.That(history[3].GetProperty("sentence").GetString(), Does.StartWith("Not heard since ").And.EndsWith(": its agent speaks, and says nothing of it."));
        var first = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{Id}/history?limit=3");
        var rest = await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{Id}/history?limit=3&cursor={first.GetProperty("next").GetString()}");
        Assert.That(rest.Select(h => h.GetProperty("kind").GetString()), Is.EqualTo(new[] { "silent", "status", "registered" }));

        var timeline = await _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{Id}/timeline?to={Uri.EscapeDataString(Now.AddMinutes(1).ToString("O"))}");
        Assert.That(timeline.GetProperty("spans").EnumerateArray().Select(s => s.GetProperty("state").GetString()), Is.EqualTo(new[] { "unknown", "unreachable", "ready" }));
    }

    [Test]
    public async Task An_agent_is_called_silent_with_what_is_known_of_its_site()
    {
        await PassAsync(TimeSpan.FromMinutes(20), speaks: true);
        await LookAsync();
        Assert.That(await AgentsAsync(), Is.EqualTo(new[] { ("acme-hq", "agent-down"), ("acme-hq-2", null) }));

        await PassAsync(TimeSpan.FromMinutes(20), speaks: false);
        await LookAsync();
        Assert.That(await AgentsAsync(), Is.EqualTo(new[] { ("acme-hq", "agent-down"), ("acme-hq-2", "site-dark") }));

        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Now, Health()));
        Assert.That(await AgentsAsync(), Is.EqualTo(new[] { ("acme-hq", null), ("acme-hq-2", "site-dark") }));
        Assert.That((await EventsAsync(Agent.StreamKey("hq/acme-hq"))).Count(e => e is AgentEvent.FellSilent or AgentEvent.SpokeAgain), Is.EqualTo(2));
    }

    [Test]
    public async Task After_an_outage_of_Fleet_nobody_is_called_silent_at_once()
    {
        _telemetry.Service.Clock.Advance(TimeSpan.FromDays(3));     // nobody looked, nothing came in
        await LookAsync();
        Assert.That(await AgentsAsync(), Is.EqualTo(new[] { ("acme-hq", null), ("acme-hq-2", (string?)null) }));

        _telemetry.Service.Clock.Advance(TimeSpan.FromMinutes(30)); // and then it was listened, and still nobody spoke
        await LookAsync();
        Assert.That((await AgentsAsync()).Select(a => a.Item2), Is.All.EqualTo("site-dark"));
        Assert.That((await DeviceAsync()).GetProperty("silentCause").GetString(), Is.EqualTo("site-dark"));
    }

    [Test]
    public async Task Two_instances_say_it_once()
    {
        await PassAsync(TimeSpan.FromHours(27), speaks: false);
        using var other = new WatchSilence(_telemetry.Service.Context(Telemetry.Module));
        await Task.WhenAll(_watch.LookAsync(CancellationToken.None), other.LookAsync(CancellationToken.None));
        await LookAsync();

        Assert.That((await EventsAsync(Device.StreamKey(Id))).OfType<DeviceEvent.FellSilent>().Count(), Is.EqualTo(1));
    }

    [Test] // the twin: with no row of when it was looked, the outage would not be known
    public async Task Without_the_row_of_its_looks_an_outage_would_not_be_seen()
    {
        _telemetry.Service.Clock.Advance(TimeSpan.FromDays(3));
        await OwnerAsync($"update telemetry.silence_watch set looked_at = '{Now:O}'");
        await LookAsync();

        Assert.That((await AgentsAsync()).Select(a => a.Item2), Is.All.EqualTo("site-dark"), "a flood");
    }

    private DateTimeOffset Now => _telemetry.Service.Clock.GetUtcNow();

    // Time passes and it is looked on, as each minute; the second agent speaks or does not.
    private async Task PassAsync(TimeSpan span, bool speaks)
    {
        _telemetry.Service.Clock.Advance(span);
        await OwnerAsync($"update telemetry.silence_watch set looked_at = '{Now:O}'");
        if (speaks)
            await _telemetry.ReceiveAsync(_second, _second.SendsAt(Now, Health()));
    }

    private async Task LookAsync()
    {
        await _watch.LookAsync(CancellationToken.None);
        await _telemetry.Service.SettledAsync();
    }

    private Task<JsonElement> DeviceAsync() => _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{Id}");

    private async Task<(string?, string?)[]> AgentsAsync() =>
        [.. (await _telemetry.ItemsAsync("/api/v1/agents?tenant=acme")).Select(a => (a.GetProperty("agentId").GetString(), a.GetProperty("silentCause").GetString()))];

    private async Task<IEnumerable<object>> EventsAsync(string stream)
    {
        await using var session = _telemetry.Store.LightweightSession("acme");
        return (await session.Events.FetchStreamAsync(stream)).Select(e => e.Data);
    }

    private async Task OwnerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_telemetry.Service.Place.DatabaseOf("telemetry").Owner);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

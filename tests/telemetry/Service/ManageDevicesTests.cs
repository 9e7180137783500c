using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Telemetry.Devices;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Service;

/// <summary>People say which devices are one, two or out of use; the gate and the API go by it from then on.</summary>
public class ManageDevicesTests
{
    private static readonly DeviceRef First = new("k1", "Kyocera", "VXA1", "00:17:c8:00:00:01", "192.0.2.17"), Second = new("k2", "Kyocera", "VXA2", "00:17:c8:00:00:02", "192.0.2.18");
    private static readonly string One = DeviceIdentity.IdOf("acme", "hq", First), Two = DeviceIdentity.IdOf("acme", "hq", Second);

    private readonly Site _hq = new();
    private RunningTelemetry _telemetry = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon, Seen(First), Seen(Second), Meter(1, First), Meter(1, Second)));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    [Test, Order(1)]
    public async Task A_merged_devices_events_go_to_the_surviving_one_until_it_is_undone()
    {
        Assert.That((await PostAsync($"{Two}/merge", new { into = One, reason = "one printer, seen twice" })).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await PostAsync($"{Two}/merge", new { into = One, reason = "one printer, seen twice" })).Status, Is.EqualTo(HttpStatusCode.OK), "again is the same");
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddHours(1), Meter(2, Second)));

        Assert.That(await ReadingsAsync(One), Is.EqualTo(2));
        Assert.That((await DeviceAsync(Two)).GetProperty("mergedInto").GetString(), Is.EqualTo(One), "the old id says where it went");
        Assert.That((await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices")).Select(d => d.GetProperty("id").GetString()), Is.EqualTo(new[] { One }));

        Assert.That((await PostAsync($"{Two}/merge/undo", new { reason = "two printers" })).Status, Is.EqualTo(HttpStatusCode.OK));
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddHours(2), Meter(3, Second)));

        Assert.That((await ReadingsAsync(One), await ReadingsAsync(Two)), Is.EqualTo((2, 2)));
        Assert.That((await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices")).Length, Is.EqualTo(2));
    }

    [Test, Order(2)]
    public async Task A_split_is_undone_too()
    {
        var split = await PostAsync($"{One}/split", new { mac = First.Mac, reason = "two printers, one number" });
        var off = split.Body.GetProperty("splitInto").GetString();
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddHours(3), Meter(4, First)));
        Assert.That(await ReadingsAsync(off!), Is.EqualTo(1));

        Assert.That((await PostAsync($"{off}/split/undo", new { reason = "one after all" })).Body.GetProperty("mergedInto").GetString(), Is.EqualTo(One));
        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(Noon.AddHours(4), Meter(5, First)));
        Assert.That((await ReadingsAsync(One), await ReadingsAsync(off!)), Is.EqualTo((3, 1)));
    }

    [Test, Order(3)]
    public async Task A_retired_device_is_out_of_the_list_and_back_when_it_speaks()
    {
        Assert.That((await PostAsync($"{Two}/retire", new { reason = "scrapped" })).Status, Is.EqualTo(HttpStatusCode.OK));
        await _telemetry.Service.SettledAsync();
        Assert.That((await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices")).Select(d => d.GetProperty("id").GetString()), Has.None.EqualTo(Two));
        Assert.That((await _telemetry.ItemsAsync("/api/v1/tenants/acme/devices?retired=true")).Single().GetProperty("id").GetString(), Is.EqualTo(Two));

        await _telemetry.ReceiveAsync(_hq, _hq.SendsAt(_telemetry.Service.Clock.GetUtcNow().AddSeconds(5), Meter(9, Second)));
        Assert.That((await DeviceAsync(Two)).GetProperty("retiredAt").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Without_a_reason_or_a_device_nothing_is_changed()
    {
        Assert.That((await PostAsync($"{One}/retire", new { })).Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await PostAsync("0123456789abcdef/retire", new { reason = "why" })).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await PostAsync($"{One}/merge", new { into = "0123456789abcdef", reason = "why" })).Status, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static IEnumerable<string> Changes => ["merge", "merge/undo", "split", "split/undo", "retire", "return", "conflicts/settle"];

    [TestCaseSource(nameof(Changes))]
    public async Task Nobody_changes_another_tenants_devices_and_who_only_reads_changes_none(string change)
    {
        Assert.That((await PostAsync($"{One}/{change}", new { reason = "why" }, "technician", "globex")).Status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await PostAsync($"{One}/{change}", new { reason = "why" }, "viewer")).Status, Is.EqualTo(HttpStatusCode.Forbidden));
        using var http = _telemetry.Service.As("technician", "globex");
        using var own = await http.PostAsJsonAsync($"/api/v1/tenants/globex/devices/{One}/{change}", new { reason = "why", into = Two });
        Assert.That(own.StatusCode, Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.BadRequest), "not through one's own path either");
    }

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object body, string role = "technician", string tenant = "acme")
    {
        using var http = _telemetry.Service.As(role, tenant);
        using var answer = await http.PostAsJsonAsync($"/api/v1/tenants/acme/devices/{path}", body);
        if (answer.IsSuccessStatusCode)
            await _telemetry.Service.SettledAsync();
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    private Task<JsonElement> DeviceAsync(string id) => _telemetry.GetAsync($"/api/v1/tenants/acme/devices/{id}");

    private async Task<int> ReadingsAsync(string id) => (await _telemetry.ItemsAsync($"/api/v1/tenants/acme/devices/{id}/readings")).Length;
}

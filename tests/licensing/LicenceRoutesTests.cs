using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Licensing.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Testing;

namespace Fleet.Licensing.Tests;

/// <summary>With a real PostgreSQL and RabbitMQ: reports off the bus, seats out of the API and onto the bus.</summary>
public class LicenceRoutesTests
{
    private RunningService _service = null!;

    [SetUp]
    public async Task Open() => _service = await RunningService.StartAsync(Licensing.Module);

    [TearDown]
    public async Task Close() => await _service.DisposeAsync();

    [Test]
    public async Task Devices_that_report_take_one_seat_a_month_and_more_than_bought_are_shown()
    {
        var heard = await _service.Bus.ListenAsync<SeatTaken>();
        using var admin = _service.AsProvider("provider-admin", "northwind", "acme");
        await GrantAsync(admin, "acme", seats: 1);
        var (now, last) = (_service.Clock.GetUtcNow(), _service.Clock.GetUtcNow().AddDays(-40));

        await _service.Bus.PublishAsync(new ReadingsAccepted("acme", [Reading("dev-1", last), Reading("dev-1", now), Reading("dev-2", now), Reading("dev-1", now)]));
        await _service.Bus.PublishAsync(Described("dev-2", now));
        await _service.Bus.PublishAsync(Described("dev-3", now));
        await heard.WaitAsync(4);
        await _service.SettledAsync();

        var licence = (await ListAsync(admin)).Single()!;
        Assert.That((licence["entitled"]!.GetValue<long>(), licence["taken"]!.GetValue<long>(), licence["over"]!.GetValue<long>()), Is.EqualTo((1, 3, 2)));
        Assert.That(licence["history"]!.AsArray().Select(m => m!["taken"]!.GetValue<long>()), Is.EqualTo([3, 1]), "the newest month first");
        Assert.That(heard.Messages.Select(m => (m.DeviceId, m.Month)), Is.Unique);
    }

    [Test]
    public async Task Nobody_sees_or_grants_anothers_licence()
    {
        using var both = _service.AsProvider("provider-admin", "northwind", "acme", "globex");
        using var acme = _service.AsProvider("provider-admin", "northwind", "acme");
        await GrantAsync(both, "acme", 10);
        await GrantAsync(both, "globex", 20);

        Assert.That((await ListAsync(acme)).Select(l => l!["tenantId"]!.GetValue<string>()), Is.EqualTo(["acme"]));
        Assert.That(await ListAsync(acme, "?tenant=globex"), Is.Empty);
        Assert.That(await ListAsync(both, "?tenant=globex"), Has.Count.EqualTo(1));
        await GrantAsync(acme, "globex", 1, HttpStatusCode.NotFound);
    }

    [Test]
    public async Task Who_may_not_manage_licences_does_not()
    {
        using var customer = _service.As("customer-admin", "acme");
        using var viewer = _service.As("customer-viewer", "acme");

        await GrantAsync(customer, "acme", 1, HttpStatusCode.Forbidden);
        Assert.That(await ListAsync(customer), Is.Empty);
        Assert.That((await viewer.GetAsync("/api/v1/licences")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
    }

    private static async Task GrantAsync(HttpClient http, string tenant, long seats, HttpStatusCode expected = HttpStatusCode.Created)
    {
        using var answer = await http.PostAsJsonAsync("/api/v1/licences", new
        {
            tenantId = tenant,
            seats,
            features = new[] { "remote-monitoring" },
            maintenanceUntil = "2030-12-31",
            customerReference = "PO-4711",
        });
        Assert.That(answer.StatusCode, Is.EqualTo(expected), await answer.Content.ReadAsStringAsync());
    }

    private static async Task<JsonArray> ListAsync(HttpClient http, string query = "") =>
        JsonNode.Parse(await http.GetStringAsync($"/api/v1/licences{query}"))!["items"]!.AsArray();

    private static AcceptedReading Reading(string device, DateTimeOffset at) =>
        new(Guid.CreateVersion7(at), device, "hq", at, at, "kyocera/3", [new("mono", 5, "impressions", "1.2")]);

    private static DeviceDescribed Described(string device, DateTimeOffset at) =>
        new("acme", device, "hq", "Kyocera", null, null, null, null, null, null, null, at);
}

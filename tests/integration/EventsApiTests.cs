using System.Net;
using Fleet.Contracts.Alerting.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Testing;

namespace Fleet.Integration.Tests;

public class EventsApiTests : IntegrationFixture
{
    [Test]
    public async Task Pages_and_positions_show_every_event_once_and_the_same_next_time()
    {
        var described = await DescribeAsync("paged", 5);
        using var http = Service.As("integrator", "paged");
        var (first, again) = (await AllAsync(http, limit: 2), await AllAsync(http, limit: 3));
        Assert.That(first.Select(e => Text(e, "position")), Is.EqualTo(described.Select(e => Text(e, "position"))).And.Unique);
        Assert.That(again.Select(e => e.ToJsonString()), Is.EqualTo(first.Select(e => e.ToJsonString())));

        var rest = await PageAsync(http, $"?after={Text(first[2], "position")}");
        Assert.That(rest["items"]!.AsArray().Select(e => Text(e!, "subject")), Is.EqualTo(new[] { "d3", "d4" }));
        Assert.That((await PageAsync(http, $"?after={Text(first[4], "position")}"))["items"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task A_message_delivered_twice_is_one_event_and_under_another_id_it_is_two()
    {
        var id = Guid.CreateVersion7(Noon);
        using var http = Service.As("integrator", "twice");
        await Service.Bus.PublishAsync(Device("twice", "d1"), id);
        await Service.Bus.PublishAsync(Device("twice", "d1"), id);
        await DescribedAsync(http, "twice", "first-after");
        Assert.That((await AllAsync(http)).Count(e => Text(e, "subject") == "d1"), Is.EqualTo(1));

        await Service.Bus.PublishAsync(Device("twice", "d1"), Guid.CreateVersion7(Noon));
        await Eventually.IsAsync("the second fact", () => AllAsync(http), events => events.Count(e => Text(e, "subject") == "d1") == 2);
    }

    [Test]
    public async Task Batches_that_overlap_are_each_reading_once()
    {
        using var http = Service.As("integrator", "batched");
        var (one, two, three) = (Reading("d1"), Reading("d2"), Reading("d3"));
        await Service.Bus.PublishAsync(new ReadingsAccepted("batched", [one, two]));
        await Service.Bus.PublishAsync(new ReadingsAccepted("batched", [two, three, three]));
        var events = await Eventually.IsAsync("three readings", () => AllAsync(http, "&type=fleet.telemetry.reading-accepted.v1"), events => events.Count >= 3);
        await DescribedAsync(http, "batched", "after");
        Assert.That((await AllAsync(http, "&type=fleet.telemetry.reading-accepted.v1")).Select(e => Text(e, "id")),
            Is.EquivalentTo(new[] { one, two, three }.Select(r => r.ReadingId.ToString())));
        Assert.That(events[0]["data"]!["counters"]![0]!["value"]!.GetValue<long>(), Is.EqualTo(7342));
    }

    [Test]
    public async Task Only_the_type_and_the_tenant_that_were_asked_for()
    {
        using var http = Service.As("integrator", "left", "right");
        await Service.Bus.PublishAsync(Device("left", "d1"));
        await Service.Bus.PublishAsync(Device("right", "d2"));
        await Service.Bus.PublishAsync(new AlertRaised("left", "a1", "d1", "error-jammed", "critical", "Paper jam", Noon));
        await Eventually.IsAsync("three events", () => AllAsync(http), events => events.Count == 3);

        Assert.That((await AllAsync(http, "&tenant=left")).Select(e => Text(e, "subject")), Is.EquivalentTo(new[] { "d1", "a1" }));
        Assert.That((await AllAsync(http, "&type=fleet.alerting.alert-raised.v1")).Select(e => Text(e, "subject")), Is.EqualTo(new[] { "a1" }));
        Assert.That(await AllAsync(http, "&type=fleet.nothing.like-it.v1"), Is.Empty);
    }

    [Test]
    public async Task Who_may_not_read_events_is_told_so()
    {
        using var technician = Service.As("technician", "acme");
        using var nobody = Service.With();
        using var integrator = Service.As("integrator", "acme");
        Assert.That((await technician.GetAsync("/api/v1/events")).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await nobody.GetAsync("/api/v1/events")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That((await integrator.GetAsync("/api/v1/events?after=yesterday")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await integrator.GetAsync("/api/v1/events")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [TestCase("globex", "", false), TestCase("globex", "?tenant=walled", false), TestCase("globex", "?tenant=globex", false)]
    [TestCase("walled", "", true), TestCase("walled", "?tenant=walled", true)]
    public async Task Events_stay_within_the_tenants_of_the_token(string tokenOf, string query, bool seen)
    {
        using var owner = Service.As("integrator", "walled");
        await DescribedAsync(owner, "walled", "secret-device");
        using var http = Service.As("integrator", tokenOf);
        var answer = await http.GetAsync($"/api/v1/events{query}");
        Assert.That((await answer.Content.ReadAsStringAsync()).Contains("secret-device", StringComparison.Ordinal), Is.EqualTo(seen));
    }

    private async Task DescribedAsync(HttpClient http, string tenant, string device)
    {
        await Service.Bus.PublishAsync(Device(tenant, device));
        await Eventually.IsAsync($"{device} of {tenant}", () => AllAsync(http), events => events.Any(e => Text(e, "subject") == device));
    }
}

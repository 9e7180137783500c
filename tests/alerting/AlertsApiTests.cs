using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Alerting.V1;
using Fleet.Contracts.Telemetry.V1;
using Fleet.Testing;
using static Fleet.Alerting.Tests.Say;

namespace Fleet.Alerting.Tests;

public class AlertsApiTests : AlertingFixture
{
    [Test]
    public async Task A_low_cartridge_is_told_once_although_the_bus_delivers_twice()
    {
        var heard = await Service.Bus.ListenAsync<AlertRaised>();
        await Service.Bus.PublishAsync(Toner(0, 9, device: "twice"));
        await Service.Bus.PublishAsync(Toner(0, 9, device: "twice"));
        await RaiseAsync("acme", "after-twice");
        await Service.SettledAsync();

        await heard.WaitAsync(2);
        Assert.That(heard.Messages.Count(m => m.DeviceId == "twice"), Is.EqualTo(1));
        Assert.That(await ListAsync("?tenant=acme&device=twice"), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task An_error_a_device_reports_is_raised_and_resolved_by_the_device()
    {
        await Service.Bus.PublishAsync(Status(0, "jammed", "lowPaper") with { DeviceId = "jammy" });
        await Eventually.IsAsync("both errors", () => ListAsync("?device=jammy&state=open"), open => open.Count == 2);
        await Service.Bus.PublishAsync(Status(1, "lowPaper") with { DeviceId = "jammy" });
        var resolved = (await Eventually.IsAsync("the jam's end", () => ListAsync("?device=jammy&state=resolved"), over => over.Count == 1))[0]!;
        Assert.That((resolved["condition"]!.GetValue<string>(), resolved["resolvedBy"]), Is.EqualTo(("error-jammed", (JsonNode?)null)));
    }

    [Test]
    public async Task A_critical_row_of_the_devices_alert_table_is_raised_and_resolved_with_the_row()
    {
        await Service.Bus.PublishAsync(new DeviceAlertRaised("acme", "tabled", "1.7", "critical", "marker", 1, 1101, "Toner out", Minute(0)));
        await Eventually.IsAsync("the row's alert", () => ListAsync("?device=tabled&state=raised"), open => open.Count == 1);
        await Service.Bus.PublishAsync(new DeviceAlertCleared("acme", "tabled", "1.7", 1101, Minute(1)));
        await Eventually.IsAsync("the row's end", () => ListAsync("?device=tabled&state=resolved"), over => over.Count == 1);
    }

    [Test]
    public async Task A_forged_batch_is_one_critical_alert_that_only_a_person_ends()
    {
        foreach (var minute in new[] { 0, 1, 2 })
            await Service.Bus.PublishAsync(new BatchForged("acme", "hq", "acme-hq", "signature", new string('a', 64), Minute(minute)));
        await Service.SettledAsync();
        var alert = (await Eventually.IsAsync("the alarm", () => ListAsync("?device=agent/hq/acme-hq&state=raised"), open => open.Count == 1))[0]!;
        Assert.That((alert["condition"]!.GetValue<string>(), alert["severity"]!.GetValue<string>()), Is.EqualTo(("forged-batch", "critical")));
    }

    [TestCase("site-dark", "critical")]
    [TestCase("agent-down", "warning")]
    public async Task A_silent_agent_is_an_alert_until_it_is_heard_again(string cause, string severity)
    {
        await Service.Bus.PublishAsync(new AgentFellSilent("acme", cause, "acme-hq", cause, Minute(-60), Minute(0)));
        var raised = (await Eventually.IsAsync("the silence", () => ListAsync($"?device=agent/{cause}/acme-hq&state=raised"), open => open.Count == 1))[0]!;
        Assert.That((raised["condition"]!.GetValue<string>(), raised["severity"]!.GetValue<string>()), Is.EqualTo(("silent", severity)));
        await Service.Bus.PublishAsync(new AgentSpokeAgain("acme", cause, "acme-hq", Minute(5)));
        await Eventually.IsAsync("its end", () => ListAsync($"?device=agent/{cause}/acme-hq&state=resolved"), over => over.Count == 1);
    }

    [Test]
    public async Task One_jam_in_status_and_alert_table_is_one_alert_with_both_as_evidence()
    {
        var heard = await Service.Bus.ListenAsync<AlertRaised>();
        await Service.Bus.PublishAsync(Status(0, "jammed") with { DeviceId = "one-jam" });
        await Service.Bus.PublishAsync(new DeviceAlertRaised("acme", "one-jam", "1.17", "critical", "mediaPath", 1, 8, "Jam in tray 2", Minute(0)));
        await Eventually.IsAsync("both words", () => ListAsync("?device=one-jam"), alerts => alerts is [{ } only] && only["evidence"]!.AsArray().Count == 2);

        await Service.Bus.PublishAsync(Status(1) with { DeviceId = "one-jam" });
        await Service.Bus.PublishAsync(new DeviceAlertCleared("acme", "one-jam", "1.17", 8, Minute(1)));
        await Eventually.IsAsync("its end", () => ListAsync("?device=one-jam&state=resolved"), over => over.Count == 1);
        Assert.That(heard.Messages.Count(m => m.DeviceId == "one-jam"), Is.EqualTo(1), "and it rang once");
    }

    [Test]
    public async Task A_row_that_turns_into_another_alert_within_a_moment_ends_the_one_and_raises_the_other()
    {
        await Service.Bus.PublishAsync(new DeviceAlertRaised("acme", "turning", "1.7", "critical", "marker", 1, 1101, "Toner out", Minute(0)));
        await Eventually.IsAsync("the first alert", () => ListAsync("?device=turning&state=raised"), open => open.Count == 1);
        await Service.Bus.PublishAsync(new DeviceAlertCleared("acme", "turning", "1.7", 1101, Minute(1)));
        await Service.Bus.PublishAsync(new DeviceAlertRaised("acme", "turning", "1.7", "critical", "mediaPath", 1, 8, "Paper jam", Minute(1)));
        await Eventually.IsAsync("the second alert", () => ListAsync("?device=turning&state=raised"),
            open => open is [{ } only] && Text(only, "summary") == "Paper jam");
    }

    [Test]
    public async Task A_technician_acknowledges_then_resolves_and_the_token_says_who_it_was()
    {
        var (acknowledged, resolved) = (await Service.Bus.ListenAsync<AlertAcknowledged>(), await Service.Bus.ListenAsync<AlertResolved>());
        var id = await RaiseAsync("acme", "life");
        using var http = Service.With(Service.Tokens.For("technician", ["acme"], subject: "ana"));

        var first = await JsonAsync(await http.PostAsJsonAsync($"/api/v1/alerts/{id}/acknowledge", new { note = "cartridge ordered" }));
        Assert.That((Text(first, "state"), Text(first, "acknowledgedBy"), Text(first, "acknowledgeNote")), Is.EqualTo(("acknowledged", "ana", "cartridge ordered")));
        var last = await JsonAsync(await http.PostAsync($"/api/v1/alerts/{id}/resolve", null));
        Assert.That((Text(last, "state"), Text(last, "resolvedBy")), Is.EqualTo(("resolved", "ana")));

        Assert.That((await acknowledged.WaitAsync(1)).Single(m => m.AlertId == id).By, Is.EqualTo("ana"));
        Assert.That((await resolved.WaitAsync(1)).Single(m => m.AlertId == id).By, Is.EqualTo("ana"));
        Assert.That((await http.PostAsync($"/api/v1/alerts/{id}/acknowledge", null)).StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That((await http.PostAsync($"/api/v1/alerts/{id}/resolve", null)).StatusCode, Is.EqualTo(HttpStatusCode.OK), "it is so already");
    }

    [Test]
    public async Task The_same_idempotency_key_gets_the_first_answer_and_another_body_is_a_conflict()
    {
        var id = await RaiseAsync("acme", "keyed");
        using var http = Service.As("technician", "acme");
        http.DefaultRequestHeaders.Add("Idempotency-Key", "k1");
        var first = await (await http.PostAsJsonAsync($"/api/v1/alerts/{id}/acknowledge", new { note = "one" })).Content.ReadAsStringAsync();
        var again = await (await http.PostAsJsonAsync($"/api/v1/alerts/{id}/acknowledge", new { note = "one" })).Content.ReadAsStringAsync();
        var other = await http.PostAsJsonAsync($"/api/v1/alerts/{id}/acknowledge", new { note = "two" });
        Assert.That((again, other.StatusCode), Is.EqualTo((first, HttpStatusCode.Conflict)));
    }

    [Test]
    public async Task Who_may_only_look_may_not_act()
    {
        var id = await RaiseAsync("acme", "looked-at");
        using var viewer = Service.As("customer-viewer", "acme");
        Assert.That((await viewer.GetAsync($"/api/v1/alerts/{id}")).StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await viewer.PostAsync($"/api/v1/alerts/{id}/acknowledge", null)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await viewer.PostAsync($"/api/v1/alerts/{id}/resolve", null)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        using var nobody = Service.With();
        Assert.That((await nobody.GetAsync("/api/v1/alerts")).StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [TestCase("?state=sleepy", "alert-state"), TestCase("?cursor=!!", "cursor"), TestCase("?cursor=eHg", "cursor"), TestCase("/stream?after=soon", "position")]
    public async Task What_makes_no_sense_is_named(string query, string problem)
    {
        using var http = Service.As("technician", "acme");
        var answer = await http.GetAsync($"/api/v1/alerts{query}");
        Assert.That((answer.StatusCode, Text(await JsonAsync(answer), "type").Split('/')[^1]), Is.EqualTo((HttpStatusCode.BadRequest, problem)));
    }

    [Test]
    public async Task A_note_that_is_too_long_and_a_member_nobody_knows_are_refused()
    {
        var id = await RaiseAsync("acme", "noted");
        using var http = Service.As("technician", "acme");
        Assert.That((await http.PostAsJsonAsync($"/api/v1/alerts/{id}/acknowledge", new { note = new string('n', 501) })).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That((await http.PostAsJsonAsync($"/api/v1/alerts/{id}/acknowledge", new { node = "n" })).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Pages_show_every_alert_once_the_newest_first()
    {
        var raised = new List<string>();
        for (var i = 0; i < 5; i++)
            raised.Insert(0, await RaiseAsync("paged", $"p{i}", minute: i));
        using var http = Service.As("technician", "paged");

        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await JsonAsync(await http.GetAsync($"/api/v1/alerts?limit=2&cursor={cursor}"));
            seen.AddRange(page["items"]!.AsArray().Select(item => Text(item!, "id")));
            cursor = page["next"]?.GetValue<string>();
        }
        while (cursor is not null);
        Assert.That(seen, Is.EqualTo(raised));
    }

    private async Task<JsonArray> ListAsync(string query)
    {
        using var http = Service.As("technician", "acme");
        return (await JsonAsync(await http.GetAsync($"/api/v1/alerts{query}")))["items"]!.AsArray();
    }

    private static string Text(JsonNode node, string name) => node[name]!.GetValue<string>();
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Consent.V1;
using Fleet.Telemetry.Reports;
using Fleet.Telemetry.Tests.Gate;
using Fleet.Telemetry.Tests.Service;
using Fleet.Testing;
using MimeKit;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Reports;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class DeliveryTests
{
    private static readonly object Devices = new { name = "Every device", report = new { report = "devices", format = "csv", columns = "serial,site", locale = "de" } };

    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-reports").FullName;
    private readonly SmtpSink _smtp = new();
    private RunningTelemetry _telemetry = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync(
            ("FLEET_SMTP_HOST", "127.0.0.1"), ("FLEET_SMTP_PORT", $"{_smtp.Port}"), ("FLEET_SMTP_TLS", "none"), ("FLEET_SMTP_FROM", "fleet@dealer.example"), ("FLEET_REPORTS_FOLDER", _folder));
        var site = new Site();
        await _telemetry.ReceiveAsync(site, site.SendsAt(Noon, Seen()));
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _telemetry.DisposeAsync();
        await _smtp.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task A_saved_report_is_delivered_when_it_is_due_once_however_many_instances_there_are()
    {
        var id = await SaveAsync("technician", Devices);
        Assert.That(await ScheduleAsync("technician", id, new { cron = "0 7 * * *", timeZone = "Europe/Berlin", emails = new[] { "toner@acme.example" }, folder = "weekly" }), Is.EqualTo(HttpStatusCode.NoContent));
        Assert.That((await PassAsync(), _smtp.Mails.Count), Is.EqualTo((0, 0)), "nothing is due yet");

        _telemetry.Service.Clock.Advance(TimeSpan.FromDays(1));
        var taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PassAsync()));
        await PassAsync();

        Assert.That(taken.Sum(), Is.EqualTo(1));
        var (to, mail) = _smtp.Mails.Single();
        Assert.That((to, mail.Subject, mail.MessageId), Is.EqualTo((new[] { "toner@acme.example" }, "Every device (acme)", SendReport.MessageId(id, Due(await LastAsync(id))))));
        var file = Directory.EnumerateFiles(Path.Combine(_folder, "acme", "weekly")).Single();
        var attached = new MemoryStream();
        await ((MimePart)mail.Attachments.Single()).Content!.DecodeToAsync(attached);
        Assert.That(attached.ToArray(), Is.EqualTo(await File.ReadAllBytesAsync(file)));
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo("serial;site\r\nVXA1234567;hq\r\n"));
        Assert.That((await LastAsync(id)).GetProperty("sha256").GetString(), Is.EqualTo(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(attached.ToArray()))));
    }

    [Test]
    public async Task A_server_that_says_no_for_a_while_is_asked_again_and_what_it_said_is_kept()
    {
        var id = await SaveAsync("technician", Devices);
        await ScheduleAsync("technician", id, new { cron = "0 * * * *", timeZone = "UTC", emails = new[] { "toner@acme.example" } });
        _telemetry.Service.Clock.Advance(TimeSpan.FromHours(1));

        _smtp.RefuseNext(3);        // the first delivery with all its patience
        await PassAsync();
        Assert.That((await LastAsync(id)).GetProperty("failure").GetString(), Does.Contain("try again later"));
        Assert.That(await PassAsync(), Is.Zero, "not at once");

        _telemetry.Service.Clock.Advance(TimeSpan.FromMinutes(3));
        await PassAsync();
        Assert.That((_smtp.Mails.Count, (await LastAsync(id)).GetProperty("failure").ValueKind), Is.EqualTo((1, JsonValueKind.Null)));
    }

    [TestCase("technician", 0)]
    [TestCase("customer-admin", 1)] // the twin: the customer needs nobody's consent
    public async Task What_the_tenant_no_longer_allows_is_not_delivered_to_its_provider(string role, int delivered)
    {
        var id = await SaveAsync(role, Devices);
        await ScheduleAsync(role, id, new { cron = "0 * * * *", timeZone = "UTC", emails = new[] { "toner@acme.example" } });
        ConsentSpan[] Over(params string[] names) => [.. names.Select(name => new ConsentSpan(name, Noon.AddYears(-2), Noon))];
        await _telemetry.Service.Bus.PublishAsync(new ConsentChanged("acme", 2, Over("fleet-management", "billing"), Over("remote-monitoring"), Over(GateWorld.AllGroups), Noon));
        await Eventually.IsTrueAsync("the withdrawal to be known", async () => await StatusAsync("technician", "/api/v1/tenants/acme/devices") == HttpStatusCode.Forbidden);

        _telemetry.Service.Clock.Advance(TimeSpan.FromHours(1));
        await PassAsync();

        Assert.That(_smtp.Mails, Has.Count.EqualTo(delivered));
        var last = await LastAsync(id, "customer-admin");
        Assert.That(last.GetProperty("failure").GetString(), Is.EqualTo(delivered == 1 ? null : "no-consent"));
    }

    [TestCase("""{"cron":"often","timeZone":"UTC","folder":"x"}""")]
    [TestCase("""{"cron":"0 7 * * 1","timeZone":"Mars/Olympus","folder":"x"}""")]
    [TestCase("""{"cron":"0 7 * * 1","timeZone":"UTC"}""")]
    [TestCase("""{"cron":"0 7 * * 1","timeZone":"UTC","folder":"../globex"}""")]
    [TestCase("""{"cron":"0 7 * * 1","timeZone":"UTC","folder":"/etc"}""")]
    [TestCase("""{"cron":"0 7 * * 1","timeZone":"UTC","emails":["a@b.example\r\nBcc: c@d.example"]}""")]
    public async Task A_schedule_that_cannot_be_kept_is_refused(string schedule)
    {
        var id = await SaveAsync("technician", Devices);
        Assert.That(await ScheduleAsync("technician", id, JsonSerializer.Deserialize<JsonElement>(schedule)), Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Saved_reports_are_the_tenants_and_of_those_who_may_save_them()
    {
        var id = await SaveAsync("technician", Devices);
        Assert.That(await StatusAsync("technician", "/api/v1/tenants/acme/report-templates", "globex"), Is.EqualTo(HttpStatusCode.NotFound));
        using var viewer = _telemetry.Service.As("viewer", "acme");
        Assert.That((await viewer.PostAsJsonAsync("/api/v1/tenants/acme/report-templates", Devices)).StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        using var other = _telemetry.Service.As("technician", "globex");
        Assert.That((await other.DeleteAsync($"/api/v1/tenants/globex/report-templates/{id}")).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await _telemetry.Service.As("viewer", "acme").GetStringAsync($"/api/v1/tenants/acme/reports/devices.csv?template={id}"), Does.EndWith("serial;site\r\nVXA1234567;hq\r\n"));

        using var http = _telemetry.Service.As("technician", "acme");
        Assert.That((await http.DeleteAsync($"/api/v1/tenants/acme/report-templates/{id}")).StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        await _telemetry.Service.SettledAsync();
        Assert.That(await _telemetry.ItemsAsync("/api/v1/tenants/acme/report-templates"), Is.Empty);
    }

    private Task<int> PassAsync() => new DeliverReports(_telemetry.Service.Context(Telemetry.Module)).PassAsync(CancellationToken.None);

    private async Task<string> SaveAsync(string role, object asked)
    {
        using var http = _telemetry.Service.As(role, "acme");
        using var answer = await http.PostAsJsonAsync("/api/v1/tenants/acme/report-templates", asked);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created));
        await _telemetry.Service.SettledAsync();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
    }

    private async Task<HttpStatusCode> ScheduleAsync(string role, string id, object schedule)
    {
        using var http = _telemetry.Service.As(role, "acme");
        using var answer = await http.PutAsJsonAsync($"/api/v1/tenants/acme/report-templates/{id}/schedule", schedule);
        await _telemetry.Service.SettledAsync();
        return answer.StatusCode;
    }

    private async Task<JsonElement> LastAsync(string id, string role = "technician")
    {
        await _telemetry.Service.SettledAsync();
        using var http = _telemetry.Service.As(role, "acme");
        var page = await http.GetFromJsonAsync<JsonElement>("/api/v1/tenants/acme/report-templates");
        return page.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("key").GetString() == id).GetProperty("deliveries")[0];
    }

    private async Task<HttpStatusCode> StatusAsync(string role, string path, string tenant = "acme")
    {
        using var http = _telemetry.Service.As(role, tenant);
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }

    private static DateTimeOffset Due(JsonElement delivery) => delivery.GetProperty("due").GetDateTimeOffset();
}

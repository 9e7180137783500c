using System.Net;
using Fleet.Contracts.Consent.V1;
using Fleet.Telemetry.Tests.Gate;
using Fleet.Telemetry.Tests.Service;
using Fleet.Testing;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Reports;

public class ReportRoutesTests
{
    private RunningTelemetry _telemetry = null!;

    private static string[] Names => ["meters", "supplies", "devices", "silent"];

    [OneTimeSetUp]
    public async Task FillAsync()
    {
        _telemetry = await RunningTelemetry.StartAsync();
        var site = new Site();
        await _telemetry.ReceiveAsync(site, site.SendsAt(Noon.AddDays(-30), Seen(model: "=cmd|' /C calc'!A0", location: "Hall; \"B\""), Meter(7342), Toner(3600), Status("warning", "lowToner")));
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _telemetry.DisposeAsync();

    [TestCaseSource(nameof(Names))]
    public async Task A_report_is_for_those_who_see_the_tenant_and_may_read_what_is_in_it(string name)
    {
        foreach (var format in new[] { "csv", "xlsx" })
        {
            var path = $"/api/v1/tenants/acme/reports/{name}.{format}";
            Assert.That(await StatusAsync("technician", path, "acme"), Is.EqualTo(HttpStatusCode.OK));
            Assert.That(await StatusAsync("technician", path, "globex"), Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That(await StatusAsync("agent", path, "acme"), Is.EqualTo(HttpStatusCode.Forbidden));
        }
        Assert.That(await StatusAsync("technician", $"/api/v1/tenants/acme/reports/{name}.pdf", "acme"), Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Another_tenants_report_holds_nothing_of_this_one() =>
        Assert.That((await TextAsync("/api/v1/tenants/globex/reports/devices.csv", "globex")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(1));

    [Test]
    public async Task The_counters_of_a_device_are_the_rows_of_the_meters() =>
        Assert.That(await TextAsync("/api/v1/tenants/acme/reports/meters.csv?columns=serial,counter,count"), Is.EqualTo("serial,counter,count\r\nVXA1234567,total,7342\r\nVXA1234567,life,7432\r\n"));

    [Test]
    public async Task Columns_come_in_the_order_they_were_asked_for_in_the_words_of_a_country() =>
        Assert.That(await TextAsync("/api/v1/tenants/acme/reports/supplies.csv?columns=slot,percent,location,model&locale=de&bom=false"),
            Is.EqualTo("slot;percent;location;model\r\n1.1;50;\"Hall; \"\"B\"\"\";'=cmd|' /C calc'!A0\r\n1.2;;\"Hall; \"\"B\"\"\";'=cmd|' /C calc'!A0\r\n"));

    [Test]
    public async Task Silent_are_those_not_seen_for_so_many_days()
    {
        Assert.That((await TextAsync("/api/v1/tenants/acme/reports/silent.csv?days=7")).Split("\r\n"), Has.Length.EqualTo(3));
        Assert.That((await TextAsync("/api/v1/tenants/acme/reports/silent.csv?days=400")).Split("\r\n"), Has.Length.EqualTo(2));
    }

    [TestCase("columns=password")]
    [TestCase("columns=serial,serial")]
    [TestCase("separator=x")]
    [TestCase("decimal=x")]
    [TestCase("locale=xx")]
    [TestCase("timeZone=Mars/Olympus")]
    [TestCase("dates=%25")]
    [TestCase("days=-1")]
    public async Task What_cannot_be_written_is_refused_before_anything_is(string query) =>
        Assert.That(await StatusAsync("technician", $"/api/v1/tenants/acme/reports/meters.csv?{query}", "acme"), Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task A_consent_withdrawn_closes_the_report_to_the_provider_and_not_to_the_customer()
    {
        await _telemetry.ConsentAsync("initech");
        const string path = "/api/v1/tenants/initech/reports/meters.csv";
        Assert.That(await StatusAsync("technician", path, "initech"), Is.EqualTo(HttpStatusCode.OK));

        ConsentSpan[] Over(params string[] names) => [.. names.Select(name => new ConsentSpan(name, Noon.AddYears(-2), Noon))];
        await _telemetry.Service.Bus.PublishAsync(new ConsentChanged("initech", 2, Over("fleet-management", "billing"), Over("remote-monitoring"), Over(GateWorld.AllGroups), Noon));
        await Eventually.IsTrueAsync("the withdrawal to close the report", async () => await StatusAsync("technician", path, "initech") == HttpStatusCode.Forbidden);
        Assert.That(await StatusAsync("customer-admin", path, "initech"), Is.EqualTo(HttpStatusCode.OK));
    }

    private async Task<string> TextAsync(string path, string tenant = "acme")
    {
        using var http = _telemetry.Service.As("technician", tenant);
        return await http.GetStringAsync(path);
    }

    private async Task<HttpStatusCode> StatusAsync(string role, string path, params string[] tenants)
    {
        using var http = _telemetry.Service.As(role, tenants);
        using var answer = await http.GetAsync(path);
        return answer.StatusCode;
    }
}

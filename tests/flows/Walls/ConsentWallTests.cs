using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Identity.V1;
using Fleet.Testing;
using Npgsql;

namespace Fleet.Flows.Tests.Walls;

/// <summary>A provider's people and integrators see a customer while it allows it, by every way there is; each way is tried with a consent, too, to show that it is open at all.</summary>
public class ConsentWallTests
{
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(2);

    private ProvidersView _view = null!;

    private static IEnumerable<string> EveryWay => Ways.All;

    private static IEnumerable<string> Lists => Ways.All.Except(["device", "alert stream"]);

    [OneTimeSetUp]
    public async Task OpenAsync()
    {
        _view = await ProvidersView.OpenAsync();
        foreach (var tenant in new[] { "open", "closed" })
            await _view.FillAsync(tenant);
        await _view.AllowAsync("open");
    }

    [OneTimeTearDown]
    public async Task CloseAsync() => await _view.DisposeAsync();

    [TestCaseSource(nameof(EveryWay))]
    public async Task A_customer_that_allows_nothing_is_not_shown_and_is_told_as_such(string way)
    {
        using var staff = _view.StaffOf("open", "closed");
        using var refused = await staff.GetAsync(new Uri(Ways.PathOf(way, "closed"), UriKind.Relative));
        var problem = (await refused.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.That((refused.StatusCode, (string?)problem["type"]), Is.EqualTo((HttpStatusCode.Forbidden, "https://fleet.example/problems/consent-missing")));
        Assert.That((string?)problem["detail"], Does.Contain("customer-admin").And.Contain(Ways.NeedsMonitoring(way) ? "remote-monitoring" : "billing"));

        Assert.That(await ProvidersView.StatusAsync(_view.StaffOf("open"), Ways.PathOf(way, "open")), Is.EqualTo(HttpStatusCode.OK), "the twin: with a consent the way is open");
        if (way != "events") // not a customer's right
            Assert.That(await ProvidersView.StatusAsync(_view.Service.As("customer-admin", "closed"), Ways.PathOf(way, "closed")), Is.EqualTo(HttpStatusCode.OK), "its own people need nobody's consent");
    }

    [TestCaseSource(nameof(EveryWay))]
    public async Task Another_providers_customer_does_not_exist_whether_it_allows_anything_or_not(string way)
    {
        foreach (var tenant in new[] { "open", "closed", "no-such" })
        {
            using var stranger = _view.Service.AsUnallowed("provider-admin", "rival", "mine");
            using var answer = await stranger.GetAsync(new Uri(Ways.PathOf(way, tenant), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound).Or.EqualTo(HttpStatusCode.OK));
            if (answer.IsSuccessStatusCode)
                Assert.That((await answer.Content.ReadFromJsonAsync<JsonNode>())!["items"]!.AsArray(), Is.Empty, $"{way} of {tenant}");
        }
    }

    [TestCaseSource(nameof(Lists))]
    public async Task There_is_something_behind_each_wall_that_a_hole_would_show(string way)
    {
        foreach (var (tenant, role) in new[] { ("open", "customer-admin"), ("closed", "customer-admin"), ("open", "provider-admin") })
        {
            if (way == "events" && role == "customer-admin")
                continue; // not a customer's right
            using var http = role == "customer-admin" ? _view.Service.As(role, tenant) : _view.StaffOf(tenant);
            Assert.That(await ProvidersView.ItemsAsync(http, Ways.PathOf(way, tenant)), Is.Not.Empty, $"{way} of {tenant} for a {role}");
        }
    }

    [TestCase("/api/v1/alerts")]
    [TestCase("/api/v1/events")]
    [TestCase("/api/v1/agents")]
    [TestCase("/api/v1/contracts")]
    [TestCase("/api/v1/invoices")]
    [TestCase("/api/v1/licences")]
    public async Task A_list_of_all_customers_holds_those_that_allow_it(string path)
    {
        using var staff = _view.StaffOf("open", "closed");
        var tenants = (await ProvidersView.ItemsAsync(staff, path)).Select(item => (string?)(item!["tenantId"] ?? item["tenantid"])).Distinct().ToList();
        Assert.That(tenants, Is.EqualTo(new[] { "open" }), "it is not empty for another reason, and 'closed' has as much to show");
    }

    [TestCase("fleet-management")]
    [TestCase("billing")]
    public async Task An_integrator_reads_by_each_way_what_its_purpose_is_for(string purpose)
    {
        foreach (var way in Ways.All)
        {
            var expected = Ways.IsFor(way, purpose) ? HttpStatusCode.OK : HttpStatusCode.Forbidden;
            // An integrator's role reads no more than its rights, whatever it is registered for.
            using var integrator = _view.Integrator([purpose], "open");
            using var answer = await integrator.GetAsync(new Uri(Ways.PathOf(way, "open"), UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            Assert.That(answer.StatusCode, Is.EqualTo(expected), $"{way} for {purpose}");
            if (expected == HttpStatusCode.Forbidden)
                Assert.That((string?)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["type"], Does.EndWith(way == "licences" ? "/missing-right" : "/purpose-missing"), $"{way} for {purpose}: not for want of a consent, which stands");
        }
        Assert.That(await ProvidersView.StatusAsync(_view.Integrator([], "open"), Ways.PathOf("events", "open")), Is.EqualTo(HttpStatusCode.Forbidden), "one without a purpose reads nothing");
    }

    [Test]
    public async Task A_feed_shows_each_fact_to_whom_its_own_kind_is_for()
    {
        async Task<HashSet<string>> TypesAsync(string purpose)
        {
            using var integrator = _view.Integrator([purpose], "open");
            return [.. (await ProvidersView.ItemsAsync(integrator, "/api/v1/events?tenant=open")).Select(item => string.Join('.', ((string)item!["type"]!).Split('.')[1..3]))];
        }
        string[] care = ["alerting.alert-raised", "consent.consent-changed", "licensing.seat-taken", "telemetry.device-described", "telemetry.reading-accepted", "telemetry.supply-level-changed"];
        string[] billing = ["billing.invoice-issued", "consent.consent-changed", "licensing.seat-taken", "telemetry.reading-accepted"];
        foreach (var (purpose, expected) in new[] { ("fleet-management", care), ("billing", billing) })
            await Eventually.IsAsync($"exactly {string.Join(", ", expected)} in the feed for {purpose}", async () => string.Join(", ", (await TypesAsync(purpose)).Order()), seen => seen == string.Join(", ", expected));
    }

    [Test]
    public async Task A_withdrawal_ends_what_a_provider_sees_also_streams_that_are_open()
    {
        await _view.FillAsync("leaver");
        await _view.AllowAsync("leaver");
        using var staff = _view.StaffOf("leaver");
        using var stream = await OpenStream.SseAsync(staff, "/api/v1/alerts/stream?after=0");
        using var feed = await OpenStream.GrpcAsync(_view.Service.GrpcAddress, staff.DefaultRequestHeaders.Authorization!.Parameter!);
        using var customers = await OpenStream.SseAsync(_view.Service.As("customer-admin", "leaver"), "/api/v1/alerts/stream?after=0");

        await _view.SaysAsync("leaver", "withdraw", new { features = new[] { "remote-monitoring" } });
        var since = TestClock.Real.GetTimestamp();
        await Eventually.IsTrueAsync("the provider to be refused", async () => await ProvidersView.StatusAsync(_view.StaffOf("leaver"), Ways.PathOf("devices", "leaver")) == HttpStatusCode.Forbidden, InTime);
        var (ended, status) = (await stream.EndedAsync(), await feed.EndedAsync());
        Assert.That(TestClock.Real.GetElapsedTime(since), Is.LessThan(InTime + TimeSpan.FromSeconds(1)));
        Assert.That((ended, status), Is.EqualTo(("", "7")), "server-sent events just end; gRPC says PERMISSION_DENIED");
        Assert.That(await ProvidersView.StatusAsync(_view.StaffOf("leaver"), Ways.PathOf("invoices", "leaver")), Is.EqualTo(HttpStatusCode.OK), "what is billed is another purpose, and stands");
        Assert.That(customers.HasEnded, Is.False, "the twin: the customer's own stream goes on");
    }

    [Test]
    public async Task A_customer_that_moved_is_gone_for_the_provider_it_left_and_allows_the_new_one_nothing_yet()
    {
        await _view.FillAsync("mover");
        await _view.AllowAsync("mover");
        await _view.Service.Bus.PublishAsync(new TenantMoved("mover", ProvidersView.Provider, "rival", _view.Service.Clock.GetUtcNow()));
        foreach (var way in Ways.All.Where(way => way is "devices" or "alert stream" or "events"))
        {
            await Eventually.IsTrueAsync($"{way} to be closed to the old provider", async () => await ProvidersView.StatusAsync(_view.StaffOf("mover"), Ways.PathOf(way, "mover")) == HttpStatusCode.NotFound);
            Assert.That(await ProvidersView.StatusAsync(_view.Service.AsUnallowed("provider-admin", "rival", "mover"), Ways.PathOf(way, "mover")), Is.EqualTo(HttpStatusCode.Forbidden));
        }
        using var customer = _view.Service.As("customer-admin", "mover");
        await Eventually.IsTrueAsync("its consents to have ended", async () => Standing(await customer.GetFromJsonAsync<JsonNode>("/api/v1/tenants/mover/consents")) == 0);

        await _view.SaysAsync("mover", "grant", new { purposes = new[] { "fleet-management" }, features = new[] { "remote-monitoring" } });
        await Eventually.IsTrueAsync("the new provider to see it", async () => await ProvidersView.StatusAsync(_view.Service.AsUnallowed("provider-admin", "rival", "mover"), Ways.PathOf("devices", "mover")) == HttpStatusCode.OK);
        Assert.That(await ProvidersView.StatusAsync(_view.StaffOf("mover"), Ways.PathOf("devices", "mover")), Is.EqualTo(HttpStatusCode.NotFound), "the old one does not come back with it");

        static int Standing(JsonNode? consents) => new[] { "purposes", "features", "fieldGroups" }.Sum(kind => consents!["standing"]![kind]!.AsArray().Count(span => span!["until"] is null));
    }

    [Test]
    public async Task A_customer_that_moves_ends_the_old_providers_open_streams()
    {
        await _view.FillAsync("goer");
        await _view.AllowAsync("goer");
        using var staff = _view.StaffOf("goer");
        using var stream = await OpenStream.SseAsync(staff, "/api/v1/alerts/stream?after=0");
        using var feed = await OpenStream.GrpcAsync(_view.Service.GrpcAddress, staff.DefaultRequestHeaders.Authorization!.Parameter!);
        using var others = await OpenStream.SseAsync(_view.StaffOf("open"), "/api/v1/alerts/stream?after=0");

        var since = TestClock.Real.GetTimestamp();
        await _view.Service.Bus.PublishAsync(new TenantMoved("goer", ProvidersView.Provider, "rival", _view.Service.Clock.GetUtcNow()));
        var (ended, status) = (await stream.EndedAsync(), await feed.EndedAsync());
        Assert.That(TestClock.Real.GetElapsedTime(since), Is.LessThan(InTime + TimeSpan.FromSeconds(1)));
        Assert.That((ended, status), Is.EqualTo(("", "7")), "server-sent events just end; gRPC says PERMISSION_DENIED");
        Assert.That(others.HasEnded, Is.False, "the twin: what a provider sees of another customer goes on");
    }

    [Test]
    public async Task A_service_that_knows_nothing_any_more_shows_nothing_until_it_is_told_again()
    {
        await using (var source = NpgsqlDataSource.Create(_view.Service.Place.DatabaseOf("licensing").Owner))
        await using (var forget = source.CreateCommand("delete from licensing.tenant_access where tenant_id = 'open'"))
            Assert.That(await forget.ExecuteNonQueryAsync(), Is.EqualTo(1));
        Assert.That(await ProvidersView.StatusAsync(_view.StaffOf("open"), "/api/v1/licences?tenant=open"), Is.EqualTo(HttpStatusCode.Forbidden));
        await _view.Service.RetellAsync(Consent.Consent.Module);
        await Eventually.IsTrueAsync("licensing to know again", async () => await ProvidersView.StatusAsync(_view.StaffOf("open"), "/api/v1/licences?tenant=open") == HttpStatusCode.OK);
    }

    [TestCase("update telemetry.tenant_access set purposes = '{\"billing\":\"2000-01-01\"}'")]
    [TestCase("insert into telemetry.tenant_access (tenant_id) values ('mine')")]
    public void The_role_that_answers_questions_cannot_change_what_is_allowed(string sql) =>
        Assert.That(async () => await AsReaderAsync(sql), Throws.TypeOf<PostgresException>().With.Property(nameof(PostgresException.SqlState)).EqualTo(PostgresErrorCodes.InsufficientPrivilege));

    [Test]
    public async Task In_SQL_a_reader_sees_what_its_own_tenants_allow_and_no_others_rows()
    {
        Assert.That(await AsReaderAsync("select set_config('fleet.tenants', 'closed', false); select count(*) from telemetry.devices"), Is.EqualTo(1), "the twin: named, it is there");
        Assert.That(await AsReaderAsync("select set_config('fleet.tenants', 'nobody', false); select count(*) from telemetry.devices"), Is.Zero);
        Assert.That(await AsReaderAsync("select set_config('fleet.tenants', 'closed', false); select count(*) from telemetry.tenant_access where tenant_id = 'open'"), Is.Zero);
    }

    private async Task<long> AsReaderAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_view.Service.Place.DatabaseOf("telemetry").Reader);
        await using var command = source.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        long last = 0;
        do
            while (await rows.ReadAsync())
                last = rows.GetValue(0) is long count ? count : last;
        while (await rows.NextResultAsync());
        return last;
    }
}

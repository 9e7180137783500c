using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;
using Microsoft.Extensions.Logging;
using static Fleet.Regions.Tests.RunningRegion;

namespace Fleet.Regions.Tests;

/// <summary>Region eu and region us, side by side; <c>zitrone</c> is a customer of the one and must be nowhere in the other.</summary>
public class TwoRegionsTests
{
    private const string Tenant = "zitrone";

    private RegionsPlan _plan = null!;
    private RunningRegion _eu = null!, _us = null!;
    private Searched _search = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _plan = new RegionsPlan("eu", "us", "uk", "au");
        _eu = await StartAsync("eu", _plan, Client("boss", "provider-admin", provider: "dealer"), Client($"{Tenant}-admin", "customer-admin", tenant: Tenant));
        _us = await StartAsync("us", _plan, Client("boss", "provider-admin", provider: "dealer"), Client("lost-admin", "customer-admin", tenant: "lost"), Client("erp", "integrator", provider: "dealer"));
        _plan.Say(new Dictionary<string, string> { [Tenant] = "eu", ["lost"] = "eu" });
        _search = await Searched.FromNowAsync(_us.Service);
    }

    [OneTimeTearDown]
    public async Task Stop() => await Ending.AllAsync(
        ("the search", () => _search.DisposeAsync().AsTask()), ("us", () => _us.DisposeAsync().AsTask()), ("eu", () => _eu.DisposeAsync().AsTask()),
        ("the plan", _plan.RemoveAsync));

    [Test, Order(1)]
    public async Task No_row_message_or_log_line_of_an_eu_tenant_is_in_us()
    {
        await TenantLife.LiveAsync(_eu, Tenant);
        // Whatever is tried in us on its behalf, with eu's tokens and with ours, leaves nothing behind either.
        using var stranger = _us.With(await _eu.TokenAsync($"{Tenant}-admin"));
        using var ours = await _us.AsAsync("boss");
        foreach (var http in new[] { stranger, ours })
        {
            using var read = await http.GetAsync($"/api/v1/tenants/{Tenant}/devices");
            using var write = await http.PostAsJsonAsync($"/api/v1/tenants/{Tenant}/consents/grant", new { purposes = new[] { "billing" } });
            using var create = await ours.PostAsJsonAsync("/api/v1/tenants", new { tenantId = Tenant, name = "Somebody else" });
            Assert.That(create.StatusCode, Is.EqualTo(HttpStatusCode.Conflict), "ids are taken over all regions");
        }
        await _us.Service.SettledAsync();
        Assert.That(await _search.ForAsync(Tenant), Is.Empty);

        // The twin of "it was looked for everywhere": in eu the same search finds it in every service's database.
        await using var inEu = await Searched.FromNowAsync(_eu.Service);
        var found = string.Join('\n', await inEu.ForAsync(Tenant));
        foreach (var table in new[] { "identity.mt_events", "consent.mt_events", "telemetry.mt_events", "alerting.mt_events", "billing.mt_events", "licensing.mt_events", "integration.mt_events" })
            Assert.That(found, Does.Contain(table));
    }

    [Test, Order(2)]
    public async Task An_edge_batch_of_an_eu_tenant_that_reaches_us_is_counted_and_not_kept()
    {
        using var http = _us.With();
        var before = Refused(await http.GetStringAsync("/metrics"));
        await TenantLife.PublishAsync(_us, Tenant, 1, _us.Service.Clock.GetUtcNow(), new AgentHealth("0.1.0", 3600, 1, 10, 10, 0, 0));
        await Eventually.IsTrueAsync("the gate's count", async () => Refused(await http.GetStringAsync("/metrics")) == before + 1);
        await _us.Service.SettledAsync();
        Assert.That((await _search.ForAsync(Tenant)).Where(where => !where.StartsWith("message by edge", StringComparison.Ordinal)), Is.Empty, "what the test itself has published is all there is");

        static double Refused(string metrics) => metrics.Split('\n').Where(line => line.StartsWith("fleet_telemetry_refused", StringComparison.Ordinal) && line.Contains("other-region", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Test, Order(3)]
    public async Task The_search_finds_what_is_planted_in_a_row_a_message_and_a_log_line()
    {
        await using (var session = _us.Service.Store(Identity.Identity.Module).LightweightSession("planted"))
        {
            session.Events.Append("tenant/planted", new Identity.Tenants.TenantEvent.Created("dealer", "Limette AG", "boss", _us.Service.Clock.GetUtcNow()));
            await session.SaveChangesAsync();
        }
        _us.Service.Log.CreateLogger("planted").LogWarning("about {Tenant}", "limette");
        await _us.Service.Bus.PublishAsync(new Contracts.Identity.V1.SiteOpened("limette", "hq", "HQ", "Etc/UTC", _us.Service.Clock.GetUtcNow()));
        await _us.Service.SettledAsync();
        var found = await Eventually.IsAsync<IReadOnlyList<string>>("the planted word", () => _search.ForAsync("limette"), seen => seen.Any(where => where.Contains("integration", StringComparison.Ordinal)));
        Assert.That(string.Join('\n', found), Does.Contain("identity.mt_events").And.Contains("integration.mt_events").And.Contains("message by identity.v1.site-opened").And.Contains("log: "));
    }

    [TestCase("GET", "/api/v1/tenants/zitrone/devices", 308)]
    [TestCase("GET", "/api/v1/alerts?tenant=zitrone&state=open", 308)]
    [TestCase("GET", "/api/v1/contracts/zitrone.office-printing", 308)]
    [TestCase("GET", "/api/v1/invoices/zitrone.office-printing.2026-10.csv", 308)]
    [TestCase("POST", "/api/v1/tenants/zitrone/consents/withdraw", 421)]
    [TestCase("POST", "/api/v1/tenants/zitrone/enrolments", 421)]
    [TestCase("POST", "/api/v1/tenants/zitrone/provider", 421)]
    public async Task The_wrong_region_names_the_right_one_before_it_looks_at_anything_else(string method, string path, int status)
    {
        foreach (var token in new[] { null, "nonsense", await _us.TokenAsync("boss") })
        {
            using var http = _us.With(token);
            using var request = new HttpRequestMessage(new(method), path) { Content = method == "POST" ? JsonContent.Create(new { secret = "stays with its sender" }) : null };
            using var answer = await http.SendAsync(request);
            Assert.That((int)answer.StatusCode, Is.EqualTo(status));
            Assert.That(answer.Headers.Location?.ToString(), Is.EqualTo(status == 308 ? $"{_plan.UrlOf("eu")}{path}" : null));
            Assert.That(answer.Headers.CacheControl?.NoStore, Is.True, "a tenant may move again");
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.That((problem.GetProperty("type").GetString(), problem.GetProperty("region").GetString(), problem.GetProperty("api").GetString()),
                Is.EqualTo(("https://fleet.example/problems/wrong-region", "eu", _plan.UrlOf("eu"))));
        }
    }

    [Test]
    public async Task A_token_of_another_region_is_sent_home_and_a_strangers_is_not()
    {
        using var home = _us.With(await _eu.TokenAsync("boss"));
        using var list = await home.GetAsync("/api/v1/tenants");
        Assert.That((list.StatusCode, list.Headers.Location?.ToString()), Is.EqualTo((HttpStatusCode.PermanentRedirect, $"{_plan.UrlOf("eu")}/api/v1/tenants")));
        using var stranger = _us.With(_us.Service.Tokens.For("provider-admin", ["whoever"])); // an issuer in no file
        using var refused = await stranger.GetAsync("/api/v1/tenants");
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task A_gRPC_call_of_another_region_is_told_the_right_endpoint()
    {
        const string failedPrecondition = "9", permissionDenied = "7", deadlineExceeded = "4";
        var door = _us.Service.GrpcAddress;
        foreach (var (token, tenants) in new[] { (await _eu.TokenAsync("boss"), Array.Empty<string>()), (await _us.TokenAsync("erp"), [Tenant]) })
        {
            var (status, message) = await GrpcCall.SubscribeAsync(door, token, tenants);
            Assert.That(status, Is.EqualTo(failedPrecondition), message);
            Assert.That(message, Does.StartWith("wrong-region: ").And.Contain("'eu'").And.Contain(RegionsPlan.GrpcOf("eu")));
        }
        Assert.That((await GrpcCall.SubscribeAsync(door, await _us.TokenAsync("erp"))).Status, Is.EqualTo(deadlineExceeded), "the twin: its own calls go on until their deadline");
        Assert.That((await GrpcCall.SubscribeAsync(door, await _us.TokenAsync("erp"), "nobody-knows")).Status, Is.EqualTo(permissionDenied), "and who is nowhere is told of as ever");
    }

    [Test]
    public async Task Who_lives_here_or_nowhere_is_answered_as_ever()
    {
        using var http = await _us.AsAsync("boss");
        foreach (var path in new[] { "/api/v1/tenants/nobody-knows/sites", "/api/v1/tenants/nobody-knows/devices" })
        {
            using var answer = await http.GetAsync(path);
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }

    [Test]
    public async Task A_client_of_another_regions_tenant_gets_an_OAuth_error_that_names_the_region()
    {
        using var answer = await _us.AskTokenAsync("lost-admin");
        var error = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That((answer.StatusCode, error.GetProperty("error").GetString(), error.GetProperty("region").GetString(), error.GetProperty("api").GetString()),
            Is.EqualTo((HttpStatusCode.MisdirectedRequest, "wrong_region", "eu", _plan.UrlOf("eu"))));
        using var known = await _us.AskTokenAsync("boss");
        Assert.That(known.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Every_region_lists_all_of_them_and_says_which_one_it_is()
    {
        foreach (var region in new[] { _eu, _us })
        {
            using var http = region.With();
            var regions = await http.GetFromJsonAsync<JsonElement[]>("/regions") ?? [];
            Assert.That(regions.Select(r => r.GetProperty("name").GetString()), Is.EqualTo(new[] { "eu", "us", "uk", "au" }));
            Assert.That(regions.Single(r => r.GetProperty("here").GetBoolean()).GetProperty("name").GetString(), Is.EqualTo(region.Name));
        }
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;

namespace Fleet.Consent.Tests.AgentPages;

/// <summary>Somebody at the machine of an agent, through the agent's own token.</summary>
public class ConsentAtAgentTests
{
    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task Start() => _service = await RunningService.StartAsync(Consent.Module);

    [OneTimeTearDown]
    public async Task Stop() => await _service.DisposeAsync();

    [Test]
    public async Task What_is_given_at_the_machine_says_so_and_names_nobody()
    {
        using var agent = Agent("acme");
        var shown = await ShownAsync(agent, "acme", "?language=de");
        Assert.That(shown.Names.Select(name => name.Stands), Is.All.False, "enrolling is no consent, and nothing is ticked");
        Assert.That(shown.Text.Language, Is.EqualTo("de"));

        var after = await ChangeAsync(agent, "acme", "grant", new(["billing"], [], ["counters"], new(shown.Text.Version, "de", shown.Text.Hash)));
        Assert.That(after.Names.Where(name => name.Stands).Select(name => name.Name), Is.EqualTo(new[] { "billing", "counters" }));

        using var admin = _service.As("customer-admin", "acme");
        var change = (await admin.GetFromJsonAsync<JsonNode>("/api/v1/tenants/acme/consents"))!["history"]!["items"]![0]!;
        Assert.That(((string?)change["how"], (string?)change["by"], (string?)change["textLanguage"], (string?)change["textHash"]),
            Is.EqualTo(("agent-page", "someone-at-agent:acme-hq", "de", shown.Text.Hash)));
    }

    [Test]
    public async Task Without_the_text_or_with_another_nothing_is_given()
    {
        using var agent = Agent("careful");
        var text = (await ShownAsync(agent, "careful")).Text;
        Assert.That(await RefusedAsync(agent, "careful", "grant", new(["billing"], [], [])), Is.EqualTo("text-missing"));
        Assert.That(await RefusedAsync(agent, "careful", "grant", new(["billing"], [], [], new(text.Version, text.Language, "another"))), Is.EqualTo("text-changed"));
        Assert.That(await RefusedAsync(agent, "careful", "grant", new([], [], [], new(text.Version, text.Language, text.Hash))), Is.EqualTo("nothing-named"), "there is no word for everything");
    }

    [Test]
    public async Task A_customer_can_close_the_page_for_giving_and_nobody_for_taking_back()
    {
        using var agent = Agent("closed");
        using var admin = _service.As("customer-admin", "closed");
        var text = (await ShownAsync(agent, "closed")).Text;
        var shown = new ShownConsentText(text.Version, text.Language, text.Hash);
        await ChangeAsync(agent, "closed", "grant", new(["billing"], [], [], shown));
        await RuleAsync(admin, "closed", mayGrant: false);

        Assert.That((await ShownAsync(agent, "closed")).MayGrant, Is.False);
        Assert.That(await RefusedAsync(agent, "closed", "grant", new(["fleet-management"], [], [], shown)), Is.EqualTo("agent-page-closed"));
        Assert.That((await ChangeAsync(agent, "closed", "withdraw", new(["billing"], [], []))).Names.Select(name => name.Stands), Is.All.False);

        await RuleAsync(admin, "closed", mayGrant: true); // the twin
        Assert.That((await ChangeAsync(agent, "closed", "grant", new(["fleet-management"], [], [], shown))).Names.Count(name => name.Stands), Is.EqualTo(1));
    }

    [Test]
    public async Task An_agent_speaks_for_its_own_site_and_tenant_and_people_do_not_pass_as_one()
    {
        using var agent = Agent("acme");
        foreach (var (tenant, site) in new[] { ("globex", "hq"), ("acme", "branch") })
            foreach (var what in new[] { "", "/grant", "/withdraw" })
                Assert.That(await StatusAsync(agent, tenant, site, what), Is.EqualTo(HttpStatusCode.NotFound), $"{tenant}/{site}{what}");
        using var person = _service.As("customer-admin", "acme");
        using var dealer = _service.As("provider-admin", "acme");
        Assert.That(await StatusAsync(person, "acme", "hq", "/withdraw"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync(dealer, "acme", "hq", "/grant"), Is.EqualTo(HttpStatusCode.Forbidden));
        using var provider = await dealer.PostAsJsonAsync("/api/v1/tenants/acme/consents/agent-page", new { mayGrant = true });
        Assert.That(provider.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden), "whether the page gives consents is the customer's to say");
    }

    [TestCase("paper", null, "evidence-missing")]
    [TestCase("telepathy", null, "unknown-how")]
    [TestCase("agent-page", null, "unknown-how")]
    public void A_way_that_is_none_or_lacks_what_it_needs_is_refused(string how, string? evidence, string type) =>
        Assert.That(GrantConsent.Decide(new(["billing"], Evidence: evidence, How: how), Given.By, Given.Texts, TenantConsent.None, Given.At(5)).Refusal?.Type, Is.EqualTo(type));

    [Test]
    public void Nothing_given_earlier_was_given_in_the_portal() =>
        Assert.That(GrantConsent.Decide(new(["billing"], Evidence: "file 17", How: "portal", GivenAt: Given.At(-600)), Given.By, Given.Texts, TenantConsent.None, Given.At(5)).Refusal?.Type, Is.EqualTo("how-does-not-fit"));

    [TestCase("portal", null, null, "portal")]
    [TestCase("api", "file 17", -600, "api")]
    [TestCase(null, null, null, "api")]
    [TestCase("paper", "file 17", null, "paper")]
    [TestCase(null, "file 17", -600, "paper")]
    public void How_it_was_given_is_written_down(string? how, string? evidence, int? given, string expected)
    {
        var decision = GrantConsent.Decide(
            new(["billing"], Evidence: evidence, How: how, GivenAt: given is { } minutes ? Given.At(minutes) : null), Given.By, Given.Texts, TenantConsent.None, Given.At(5), new(How.Api, "https://fleet.example", "dealer"));
        Assert.That(((ConsentEvent.Granted)decision.Events.Single()).Circumstances, Is.EqualTo(new Circumstances(expected, "https://fleet.example", "dealer")));
    }

    private HttpClient Agent(string tenant) => _service.With(_service.Tokens.ForAgent($"{tenant}-hq", tenant, "read-grant consent-at-agent", "hq"));

    private static async Task<SiteConsents> ShownAsync(HttpClient agent, string tenant, string query = "") =>
        (await agent.GetFromJsonAsync<SiteConsents>(SiteConsents.Path(tenant, "hq") + query, JsonSerializerOptions.Web))!;

    private static async Task<SiteConsents> ChangeAsync(HttpClient agent, string tenant, string what, SiteConsentChange change)
    {
        using var answer = await agent.PostAsJsonAsync($"{SiteConsents.Path(tenant, "hq")}/{what}", change);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<SiteConsents>())!;
    }

    private static async Task<string> RefusedAsync(HttpClient agent, string tenant, string what, SiteConsentChange change)
    {
        using var answer = await agent.PostAsJsonAsync($"{SiteConsents.Path(tenant, "hq")}/{what}", change);
        return ((string)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["type"]!).Split('/')[^1];
    }

    private static async Task RuleAsync(HttpClient admin, string tenant, bool mayGrant)
    {
        using var answer = await admin.PostAsJsonAsync($"/api/v1/tenants/{tenant}/consents/agent-page", new { mayGrant });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string tenant, string site, string what)
    {
        var path = SiteConsents.Path(tenant, site) + what;
        using var answer = what.Length == 0 ? await http.GetAsync(new Uri(path, UriKind.Relative)) : await http.PostAsJsonAsync(path, new SiteConsentChange(["billing"], [], []));
        return answer.StatusCode;
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Fleet.Consent.Consents;
using Fleet.Consent.Grants;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Fleet.Consent.Tests;

public class IssueGrantTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task Start() => _service = await RunningService.StartAsync(Consent.Module);

    [OneTimeTearDown]
    public async Task Stop() => await _service.DisposeAsync();

    [Test]
    public void A_grant_holds_what_stands_and_nothing_that_was_withdrawn_or_begins_later()
    {
        var grant = Decide(
            purposes: [new("billing", Now.AddDays(-9), null)],
            groups: [new("counters", Now.AddDays(-9), null), new("location", Now.AddDays(-9), Now.AddDays(-1)), new("supplies", Now.AddHours(1), null)]);
        Assert.That((grant.Purposes, grant.FieldGroups), Is.EqualTo(((string[])["billing"], (string[])["counters"])));
        Assert.That(grant.ExpiresAt - grant.IssuedAt, Is.EqualTo(24 * 3600));
        Assert.That(grant.Id, Does.StartWith("7-"), "it names the version of the consents it comes from");
    }

    [Test]
    public void Without_a_purpose_no_field_group_is_granted() =>
        Assert.That(Decide(purposes: [], groups: [new("counters", Now.AddDays(-9), null)]).FieldGroups, Is.Empty);

    [Test]
    public async Task An_agent_gets_its_sites_grant_signed_by_the_published_key_and_narrower_after_a_withdrawal()
    {
        using var customer = _service.As("customer-admin", "acme");
        await DoneAsync(customer, "grant", new { purposes = new[] { "billing" }, fieldGroups = new[] { "counters", "identity" } });
        using var agent = Agent("acme", "hq");
        Assert.That((await GrantAsync(agent)).FieldGroups, Is.EquivalentTo(new[] { "counters", "identity" }));

        await DoneAsync(customer, "withdraw", new { fieldGroups = new[] { "identity" } });
        var narrower = await GrantAsync(agent);
        Assert.That(narrower.FieldGroups, Is.EqualTo(new[] { "counters" }));
        Assert.That((narrower.Agent, narrower.TenantId, narrower.Site), Is.EqualTo(("acme-hq", "acme", "hq")));
    }

    [Test]
    public async Task A_tenant_that_granted_nothing_gets_a_grant_that_opens_nothing()
    {
        using var agent = Agent("silent", "hq");
        Assert.That((await GrantAsync(agent, "silent")).FieldGroups, Is.Empty);
    }

    [Test]
    public async Task Nobody_gets_anothers_grant_and_people_get_none()
    {
        using var agent = Agent("acme", "hq");
        using var person = _service.As("customer-admin", "acme");
        using var nobody = _service.With();
        Assert.That(await StatusAsync(agent, "acme", "branch"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(agent, "globex", "hq"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(person, "acme", "hq"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(await StatusAsync(nobody, "acme", "hq"), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    private static EdgeGrant Decide(IReadOnlyList<Span> purposes, IReadOnlyList<Span> groups) =>
        IssueGrant.Decide(new("acme", 7, purposes, [], groups), "https://fleet.example", "acme-hq", "hq", Guid.Empty, Now);

    private HttpClient Agent(string tenant, string site) => _service.With(_service.Tokens.ForAgent($"{tenant}-{site}", tenant, "read-grant", site));

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string tenant, string site)
    {
        using var answer = await http.GetAsync(new Uri(EdgeGrant.Path(tenant, site), UriKind.Relative));
        return answer.StatusCode;
    }

    private static async Task DoneAsync(HttpClient http, string what, object body)
    {
        using var answer = await http.PostAsJsonAsync($"/api/v1/tenants/acme/consents/{what}", body);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
    }

    private static async Task<EdgeGrant> GrantAsync(HttpClient agent, string tenant = "acme")
    {
        var signed = (await agent.GetFromJsonAsync<GrantAnswer>(EdgeGrant.Path(tenant, "hq"), JsonSerializerOptions.Web))!.Grant;
        var keys = new JsonWebKeySet(await agent.GetStringAsync(new Uri(EdgeGrant.KeysPath, UriKind.Relative)));
        var held = await new JsonWebTokenHandler().ValidateTokenAsync(signed, new()
        {
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidTypes = [EdgeGrant.Type],
            ValidateIssuer = false,
            ValidateAudience = false,
        });
        Assert.That(held.IsValid, Is.True, held.Exception?.Message);
        return JsonSerializer.Deserialize<EdgeGrant>(Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(((JsonWebToken)held.SecurityToken).EncodedPayload)))!;
    }
}

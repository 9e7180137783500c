using Fleet.Defaults;
using Fleet.Identity.Clients;
using Fleet.Identity.OAuth;

namespace Fleet.Identity.Tests.OAuth;

public class IssueTokenTests
{
    private static readonly Standing Technician = new("technician", Provider: "demo-dealer");
    private static readonly Standing Agent = new("agent", Tenant: "acme", Site: "hq", Agent: "acme-hq");

    [Test]
    public void A_providers_token_names_all_its_customers()
    {
        var claims = Issue(Technician).Claims!;
        Assert.Multiple(() =>
        {
            Assert.That((claims.Subject, claims.Role, claims.Provider), Is.EqualTo(("x", "technician", "demo-dealer")));
            Assert.That(claims.Tenants, Is.EqualTo(new[] { "acme", "globex" }));
            Assert.That(claims.Audiences, Is.EqualTo(new[] { "fleet" }));
            Assert.That(string.Join(' ', claims.Scope), Is.EqualTo("read-tenants read-fleet read-meters read-alerts act-on-alerts enrol-agents manage-devices manage-reports"));
        });
    }

    [Test]
    public void A_customers_token_names_the_customer_alone() =>
        Assert.That(Issue(new("customer-admin", Tenant: "globex")).Claims!.Tenants, Is.EqualTo(new[] { "globex" }));

    [Test]
    public void An_agents_token_opens_the_broker_under_its_own_key_and_of_the_API_its_grant_alone()
    {
        var claims = Issue(Agent).Claims!;
        Assert.Multiple(() =>
        {
            Assert.That(claims.Subject, Is.EqualTo("acme-hq"));
            Assert.That(claims.Audiences, Is.EqualTo(new[] { "fleet", "rabbitmq" }));
            Assert.That(claims.Scope, Is.EqualTo(new[] { "rabbitmq.write:fleet/edge/acme.hq.*", "rabbitmq.read:fleet/control.acme.acme-hq", "read-grant", "consent-at-agent" }));
            Assert.That(Enum.GetValues<Right>().Where(right => Rights.Allow(claims.Role, right)), Is.EqualTo(new[] { Right.ReadGrant, Right.ConsentAtAgent }));
        });
    }

    [TestCase("billing", "billing")]
    [TestCase("billing fleet-management", "billing fleet-management")]
    [TestCase(null, "fleet-management", TestName = "An_integrator_of_before_there_was_a_choice_goes_on_as_it_was")]
    public void An_integrators_token_says_what_it_may_use_data_for(string? registered, string said) =>
        Assert.That(string.Join(' ', Issue(new("integrator", "demo-dealer", Purposes: registered)).Claims!.Purposes!), Is.EqualTo(said));

    [Test] // the twin
    public void A_persons_token_is_not_bounded_by_purposes() => Assert.That(Issue(Technician).Claims!.Purposes, Is.Null);

    [TestCase("technician", "billing", false)]
    [TestCase("integrator", "marketing", false)]
    [TestCase("integrator", "", false)]
    [TestCase("integrator", "billing", true)]
    public void Purposes_are_an_integrators_and_known_ones(string role, string purposes, bool whole) =>
        Assert.That(ClientRoles.Fault(new(role, "demo-dealer", Purposes: purposes)) is null, Is.EqualTo(whole));

    [Test]
    public void A_client_may_ask_for_less() =>
        Assert.That(Issue(Technician, "read-fleet").Claims?.Scope, Is.EqualTo(new[] { "read-fleet" }));

    [TestCase("run-billing")]
    [TestCase("read-fleet run-billing")]
    [TestCase("rabbitmq.write:fleet/edge/acme.hq.*")]
    public void And_never_for_more(string scope) => Assert.That(Issue(Technician, scope.Split(' ')).Error?.Error, Is.EqualTo("invalid_scope"));

    [Test]
    public void An_agent_cannot_ask_for_another_site() =>
        Assert.That(Issue(Agent, "rabbitmq.write:fleet/edge/globex.hq.*").Error?.Error, Is.EqualTo("invalid_scope"));

    private static (Claims? Claims, TokenError? Error) Issue(Standing standing, params string[] scope) =>
        IssueToken.Decide(new("x", "secret", scope.Length == 0 ? null : scope), standing, ["acme", "globex"], "fleet");
}

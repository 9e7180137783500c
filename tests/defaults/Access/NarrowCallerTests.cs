using static Fleet.Defaults.Purposes;

namespace Fleet.Defaults.Tests.Access;

public class NarrowCallerTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Caller Technician = new("tina", ["technician"], "dealer", ["acme", "globex"]);

    [Test]
    public void A_tenant_that_allows_it_is_seen_and_one_that_does_not_is_named_with_what_is_missing()
    {
        var narrowed = NarrowCaller.Decide(Technician, Of(Right.ReadFleet), [Row("acme", [FleetManagement], [RemoteMonitoring]), Row("globex", [FleetManagement], [])]);
        Assert.That(narrowed.Tenants, Is.EqualTo(new[] { "acme" }));
        Assert.That(narrowed.Withheld, Is.EqualTo(new Dictionary<string, string> { ["globex"] = "the feature 'remote-monitoring'" }));
        Assert.That(narrowed.Unseen("globex").Type, Is.EqualTo("consent-missing"));
        Assert.That(narrowed.Unseen("globex").Detail, Does.Contain("remote-monitoring").And.Contain("customer-admin"));
    }

    [Test]
    public void A_tenant_nothing_is_known_of_allows_nothing() =>
        Assert.That(NarrowCaller.Decide(Technician, Of(Right.ReadFleet), []).Tenants, Is.Empty);

    [Test]
    public void What_is_the_providers_own_directory_needs_no_consent() =>
        Assert.That(NarrowCaller.Decide(Technician, Of(Right.ReadTenants), []).Tenants, Is.EqualTo(Technician.Tenants));

    [TestCase(Right.ReadConsents)]
    [TestCase(Right.ReadTenants)]
    [TestCase(Right.EnrolAgents)]
    public void What_needs_no_consent_is_no_more_of_another_providers_customer_whatever_the_token_says(Right right)
    {
        var gone = NarrowCaller.Decide(Technician, Of(right), [Row("acme", [], []) with { Provider = "rival" }, Row("globex", [], [])]);
        Assert.That(gone.Tenants, Is.EqualTo(new[] { "globex" }));
        Assert.That(gone.Unseen("acme").Type, Is.EqualTo("unknown-tenant"));
    }

    [TestCase("customer-admin")]
    [TestCase("customer-viewer")]
    public void A_customers_own_people_need_nobodys_consent(string role) =>
        Assert.That(NarrowCaller.Decide(new("anna", [role], null, ["acme"]), Of(Right.ReadFleet), []).Tenants, Is.EqualTo(new[] { "acme" }));

    [TestCase("customer-admin", "dealer", TestName = "Whoever_works_for_a_provider_is_no_customer_whatever_role_the_token_names")]
    [TestCase("technician", null, TestName = "A_role_of_a_provider_is_none_of_the_customers_also_without_a_provider")]
    [TestCase("root", null, TestName = "A_role_nobody_knows_is_none_of_the_customers")]
    public void Somebody_else_needs_one(string role, string? provider) =>
        Assert.That(NarrowCaller.Decide(new("x", [role], provider, ["acme"]), Of(Right.ReadFleet), []).Tenants, Is.Empty);

    [Test]
    public void A_token_without_a_role_is_none_of_the_customers() => Assert.That(new Caller("x", [], null, ["acme"]).IsOfCustomer, Is.False);

    [Test]
    public void Another_providers_customer_does_not_exist_whatever_the_token_says()
    {
        var narrowed = NarrowCaller.Decide(Technician, Of(Right.ReadFleet), [Row("acme", [FleetManagement], [RemoteMonitoring]) with { Provider = "rival" }]);
        Assert.That(narrowed.Tenants, Is.Empty);
        Assert.That(narrowed.Unseen("acme").Type, Is.EqualTo("unknown-tenant"), "not a word of what it allows to whom");
    }

    [Test]
    public void What_was_allowed_before_the_tenant_moved_was_said_to_another()
    {
        var moved = Row("acme", [FleetManagement], [RemoteMonitoring]) with { MovedAt = Noon.AddMinutes(1) };
        Assert.That(NarrowCaller.Decide(Technician, Of(Right.ReadFleet), [moved]).Tenants, Is.Empty);
        Assert.That(NarrowCaller.Decide(Technician, Of(Right.ReadFleet), [moved with { MovedAt = Noon }]).Tenants, Is.EqualTo(new[] { "acme" }), "the twin: what was allowed since is this one's");
    }

    [TestCase(FleetManagement, Right.ReadFleet, true)]
    [TestCase(FleetManagement, Right.ReadAlerts, true)]
    [TestCase(FleetManagement, Right.ReadMeters, true)]
    [TestCase(FleetManagement, Right.ReadBilling, false)]
    [TestCase(Billing, Right.ReadFleet, false)]
    [TestCase(Billing, Right.ReadAlerts, false)]
    [TestCase(Billing, Right.ReadMeters, true)]
    [TestCase(Billing, Right.ReadBilling, true)]
    public void An_integrator_reads_what_its_purpose_is_for(string purpose, Right right, bool sees)
    {
        var integrator = new Caller("erp", ["integrator"], "dealer", ["acme"], Purposes: [purpose]);
        var narrowed = NarrowCaller.Decide(integrator, Of(right), [Row("acme", [FleetManagement, Billing], [RemoteMonitoring])]);
        Assert.That(narrowed.Tenants.Count, Is.EqualTo(sees ? 1 : 0));
        Assert.That(Requirements.Refused(integrator, right)?.Type, Is.EqualTo(sees ? null : "purpose-missing"));
    }

    [Test]
    public void An_integrator_registered_for_a_purpose_the_tenant_does_not_allow_sees_nothing() =>
        Assert.That(NarrowCaller.Decide(new("erp", ["integrator"], "dealer", ["acme"], Purposes: [Billing]), Of(Right.ReadBilling), [Row("acme", [FleetManagement], [RemoteMonitoring])]).Tenants, Is.Empty);

    private static AccessRow Row(string tenant, string[] purposes, string[] features) =>
        new(tenant, "dealer", null, purposes.ToDictionary(name => name, _ => Noon), features.ToDictionary(name => name, _ => Noon));
}

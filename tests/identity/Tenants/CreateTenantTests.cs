using Fleet.Defaults;
using Fleet.Identity.Tenants;

namespace Fleet.Identity.Tests.Tenants;

public class CreateTenantTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Tenant Acme = Tenant.Evolve(Tenant.None, new TenantEvent.Created("demo-dealer", "Acme GmbH", "boss", Now));

    [Test]
    public void A_tenant_belongs_to_who_creates_it() =>
        Assert.That(Create(new("acme", "Acme GmbH"), Tenant.None).Events, Is.EqualTo(new[] { new TenantEvent.Created("demo-dealer", "Acme GmbH", "boss", Now) }));

    [Test]
    public void The_same_again_changes_nothing()
    {
        var again = Create(new("acme", "Acme GmbH"), Acme);
        Assert.That((again.Events.Count, again.Refusal), Is.EqualTo((0, (Refusal?)null)));
    }

    [TestCase("Another GmbH", "demo-dealer")]
    [TestCase("Acme GmbH", "other-dealer")]
    public void A_taken_id_is_refused_in_the_same_words_whoever_has_it(string name, string provider) =>
        Assert.That(Create(new("acme", name), Acme, provider).Refusal?.Detail, Is.EqualTo("The id 'acme' is taken; choose another one."));

    [TestCase("Acme", "Acme GmbH", "tenant-id")]
    [TestCase(null, "Acme GmbH", "tenant-id")]
    [TestCase("acme", "", "name")]
    [TestCase("acme", null, "name")]
    [TestCase("acme", " Acme", "name")]
    [TestCase("acme", "Ac\nme", "name")]
    public void What_is_no_id_or_no_name_is_refused(string? id, string? name, string type) =>
        Assert.That(Create(new(id!, name!), Tenant.None).Refusal?.Type, Is.EqualTo(type));

    private static Decision<TenantEvent> Create(NewTenant wanted, Tenant tenant, string provider = "demo-dealer") =>
        CreateTenant.Decide(wanted, provider, "boss", tenant, Now);
}

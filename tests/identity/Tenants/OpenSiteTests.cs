using Fleet.Defaults;
using Fleet.Identity.Tenants;

namespace Fleet.Identity.Tests.Tenants;

public class OpenSiteTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Tenant Acme = Tenant.Evolve(Tenant.None, new TenantEvent.Created("demo-dealer", "Acme GmbH", "boss", Now));
    private static readonly TenantEvent.SiteOpened Hq = new("hq", "Headquarters", "Europe/Vienna", "boss", Now);

    [Test]
    public void A_tenant_gets_a_site() =>
        Assert.That(Open(new("hq", "Headquarters", "Europe/Vienna"), Acme).Events, Is.EqualTo(new[] { Hq }));

    [Test]
    public void The_same_again_changes_nothing()
    {
        var again = Open(new("hq", "Headquarters", "Europe/Vienna"), Tenant.Evolve(Acme, Hq));
        Assert.That((again.Events.Count, again.Refusal), Is.EqualTo((0, (Refusal?)null)));
    }

    [Test]
    public void A_site_of_no_tenant_is_refused() =>
        Assert.That(Open(new("hq", "Headquarters", "Europe/Vienna"), Tenant.None).Refusal?.Type, Is.EqualTo("unknown-tenant"));

    [TestCase("HQ", "Headquarters", "Europe/Vienna", "site-id")]
    [TestCase("hq", "", "Europe/Vienna", "name")]
    [TestCase("hq", "Headquarters", "Vienna", "time-zone")]
    [TestCase("hq", "Headquarters", "+01:00", "time-zone")]
    [TestCase("hq", "Headquarters", null, "time-zone")]
    public void What_is_no_id_name_or_zone_is_refused(string id, string name, string? zone, string type) =>
        Assert.That(Open(new(id, name, zone!), Acme).Refusal?.Type, Is.EqualTo(type));

    [Test]
    public void A_taken_site_id_is_refused() =>
        Assert.That(Open(new("hq", "Warehouse", "Europe/Vienna"), Tenant.Evolve(Acme, Hq)).Refusal?.Type, Is.EqualTo("site-id-taken"));

    private static Decision<TenantEvent> Open(NewSite wanted, Tenant tenant) => OpenSite.Decide("acme", wanted, "boss", tenant, Now);
}

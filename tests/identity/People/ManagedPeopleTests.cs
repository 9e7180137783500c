using Fleet.Defaults;
using Fleet.Identity.People;

namespace Fleet.Identity.Tests.People;

/// <summary>Who may make whom what.</summary>
public class ManagedPeopleTests
{
    private static readonly Dictionary<string, Caller> Callers = new()
    {
        ["dealer"] = new("dealer", ["provider-admin"], "demo-dealer", ["acme", "globex"]),
        ["customer"] = new("boss", ["customer-admin"], null, ["acme"]),
        ["operator"] = new("root", ["platform-operator"], null, []),
    };

    [TestCase("dealer", "provider-admin", null, "provider:demo-dealer")]
    [TestCase("dealer", "billing", null, "provider:demo-dealer")]
    [TestCase("dealer", "technician", null, "provider:demo-dealer")]
    [TestCase("dealer", "viewer", null, "provider:demo-dealer")]
    [TestCase("dealer", "customer-admin", "acme", "acme", Description = "the first; whether it is, InvitePerson says")]
    [TestCase("dealer", "customer-viewer", "acme", null)]
    [TestCase("dealer", "provider-admin", "acme", null)]
    [TestCase("dealer", "customer-admin", null, null)]
    [TestCase("dealer", "customer-admin", "initech", null, Description = "another's")]
    [TestCase("dealer", "platform-operator", null, null)]
    [TestCase("dealer", "integrator", null, null, Description = "a program's role")]
    [TestCase("dealer", "agent", null, null)]
    [TestCase("customer", "customer-admin", null, "acme")]
    [TestCase("customer", "customer-viewer", "acme", "acme")]
    [TestCase("customer", "customer-viewer", "globex", null)]
    [TestCase("customer", "provider-admin", null, null)]
    [TestCase("customer", "technician", null, null)]
    [TestCase("customer", "platform-operator", null, null)]
    [TestCase("operator", "platform-operator", null, "*DEFAULT*")]
    [TestCase("operator", "provider-admin", null, null, Description = "who could make one, could see customers' data by it")]
    [TestCase("operator", "customer-admin", "acme", null)]
    public void Nobody_raises_anybody_above_himself_or_in_anothers_house(string who, string role, string? tenant, string? store)
    {
        var caller = Callers[who];
        Assert.That(ManagedPeople.Decide(role, tenant, caller, caller.Tenants).Home?.StoreTenant, Is.EqualTo(store));
    }

    [Test]
    public void A_house_is_known_by_its_store_tenant()
    {
        foreach (var home in new[] { new Home("demo-dealer", null), new Home(null, "acme"), Home.Platform })
            Assert.That(Home.OfStoreTenant(home.StoreTenant), Is.EqualTo(home));
    }

    [Test]
    public void Every_role_of_people_is_a_role_of_the_table_and_stands_in_one_house() =>
        Assert.That(new[] { new Home("x", null), new Home(null, "x"), Home.Platform }.SelectMany(ManagedPeople.RolesOf), Is.EquivalentTo(Rights.Roles.Except(["integrator", "agent"])));
}

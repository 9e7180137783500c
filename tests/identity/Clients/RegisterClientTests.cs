using Fleet.Defaults;
using Fleet.Identity.Clients;

namespace Fleet.Identity.Tests.Clients;

public class RegisterClientTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly string Hash = RunningIdentity.HashOf("one"), OtherHash = RunningIdentity.HashOf("two");
    private static readonly WantedClient Boss = new("boss", Hash, "provider-admin", Provider: "demo-dealer");

    [Test]
    public void A_client_nobody_knows_is_registered()
    {
        var client = After(Boss);
        Assert.That((client.SecretHash, client.Standing, client.IsDisabled), Is.EqualTo((Hash, new Standing("provider-admin", "demo-dealer"), false)));
    }

    [Test]
    public void The_same_entry_again_changes_nothing() => Assert.That(Decide(Boss, After(Boss)).Events, Is.Empty);

    [Test]
    public void Another_hash_is_another_secret()
    {
        var decision = Decide(Boss with { SecretHash = OtherHash }, After(Boss));
        Assert.That(decision.Events, Is.EqualTo(new ClientEvent[] { new ClientEvent.SecretChanged(OtherHash, Now) }));
    }

    [Test]
    public void A_client_is_disabled_once_and_for_good()
    {
        var disabled = After(Boss, Boss with { Disabled = true });
        Assert.That(disabled.IsDisabled, Is.True);
        Assert.That(Decide(Boss with { Disabled = true }, disabled).Events, Is.Empty);
        Assert.That(After(disabled, Boss).IsDisabled, Is.True, "an entry that no longer says so does not bring it back");
    }

    [Test]
    public void A_client_can_come_into_the_world_disabled() => Assert.That(After(Boss with { Disabled = true }).IsDisabled, Is.True);

    [Test]
    public void Another_role_under_the_same_id_is_refused() =>
        Assert.That(Decide(Boss with { Role = "technician" }, After(Boss)).Refusal?.Detail, Does.Contain("another client id"));

    [TestCase("customer-admin", null, "acme", null, null)]
    [TestCase("customer-viewer", null, "acme", null, null)]
    [TestCase("provider-admin", "demo-dealer", null, null, null)]
    [TestCase("billing", "demo-dealer", null, null, null)]
    [TestCase("technician", "demo-dealer", null, null, null)]
    [TestCase("integrator", "demo-dealer", null, null, null)]
    [TestCase("agent", null, "acme", "hq", "acme-hq")]
    public void A_whole_standing(string role, string? provider, string? tenant, string? site, string? agent) =>
        Assert.That(Decide(new("x", Hash, role, provider, tenant, site, agent), Client.None).Refusal, Is.Null);

    [TestCase("customer-admin", null, null, null, null)]
    [TestCase("customer-admin", "demo-dealer", "acme", null, null)]
    [TestCase("customer-admin", null, "*", null, null)]
    [TestCase("provider-admin", null, null, null, null)]
    [TestCase("provider-admin", "demo-dealer", "acme", null, null)]
    [TestCase("agent", null, "acme", null, "acme-hq")]
    [TestCase("agent", null, "acme", "*", "acme-hq")]
    [TestCase("agent", "demo-dealer", "acme", "hq", "acme-hq")]
    [TestCase("root", "demo-dealer", null, null, null)]
    public void A_standing_that_lacks_or_has_too_much_is_refused(string role, string? provider, string? tenant, string? site, string? agent) =>
        Assert.That(Decide(new("x", Hash, role, provider, tenant, site, agent), Client.None).Refusal?.Detail, Does.StartWith("Client 'x'"));

    [Test]
    public void A_plain_secret_in_place_of_its_hash_is_refused() =>
        Assert.That(Decide(Boss with { SecretHash = "password" }, Client.None).Refusal?.Detail, Does.Contain("pbkdf2-sha256$"));

    [Test]
    public void Every_role_of_the_table_of_rights_can_be_given_to_a_client() =>
        Assert.That(ClientRoles.All, Is.EquivalentTo(Rights.Roles));

    private static Decision<ClientEvent> Decide(WantedClient wanted, Client client) => RegisterClient.Decide(wanted, client, Now);

    private static Client After(params WantedClient[] entries) => entries.Aggregate(Client.None, After);

    private static Client After(Client client, WantedClient wanted) => Decide(wanted, client).Events.Aggregate(client, Client.Evolve);
}

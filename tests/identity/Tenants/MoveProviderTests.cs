using Fleet.Defaults;
using Fleet.Identity.Providers;
using Fleet.Identity.Tenants;

namespace Fleet.Identity.Tests.Tenants;

public class MoveProviderTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Tenant Acme = Tenant.Evolve(Tenant.None, new TenantEvent.Created("demo-dealer", "Acme GmbH", "boss", Now));
    private static readonly TenantEvent.MoveAsked AskedOther = new("other-dealer", "acme-admin", Now.AddDays(14), Now);
    private static readonly Tenant Asking = Tenant.Evolve(Acme, AskedOther);

    [Test]
    public void A_customer_asks_another_provider_and_nothing_has_changed_yet()
    {
        Assert.That(Ask("other-dealer", Acme).Events, Is.EqualTo(new[] { AskedOther }));
        Assert.That(Asking.Provider, Is.EqualTo("demo-dealer"));
    }

    [Test]
    public void The_asked_provider_accepts_and_has_the_customer() =>
        Assert.That(Fold(Asking, TakeOver.Accept("acme", "other-dealer", "other-boss", Asking, Now)), Is.EqualTo(("other-dealer", (AskedProvider?)null)));

    [TestCase("third-dealer")]
    [TestCase("demo-dealer", Description = "not even its own: nothing was asked of it")]
    public void Nobody_else_can_accept(string provider) =>
        Assert.That(TakeOver.Accept("acme", provider, "x", Asking, Now).Events, Is.Empty);

    [Test]
    public void A_provider_cannot_take_a_customer_that_asked_nobody() =>
        Assert.That(TakeOver.Accept("acme", "other-dealer", "other-boss", Acme, Now).Refusal?.Type, Is.EqualTo("unknown-tenant"));

    [Test]
    public void Accepting_after_the_question_is_void_moves_nothing() =>
        Assert.That(TakeOver.Accept("acme", "other-dealer", "other-boss", Asking, AskedOther.Until).Refusal?.Type, Is.EqualTo("request-expired"));

    [Test]
    public void Accepting_twice_is_accepting_once() =>
        Assert.That(TakeOver.Accept("acme", "other-dealer", "x", Tenant.Evolve(Asking, new TenantEvent.Moved("demo-dealer", "other-dealer", "x", Now)), Now), Is.EqualTo(Decision<TenantEvent>.Nothing));

    [Test]
    public void What_the_customer_took_back_cannot_be_accepted()
    {
        var taken = Tenant.Evolve(Asking, AskProvider.Withdraw("acme-admin", Asking, Now).Events.Single());
        Assert.That(TakeOver.Accept("acme", "other-dealer", "x", taken, Now).Refusal?.Type, Is.EqualTo("unknown-tenant"));
    }

    [Test]
    public void Asking_a_third_one_drops_the_question_to_the_second() =>
        Assert.That(Ask("third-dealer", Asking).Events.Select(e => e.GetType().Name), Is.EqualTo(new[] { "MoveDropped", "MoveAsked" }));

    [TestCase("demo-dealer", "same-provider")]
    [TestCase("Other Dealer", "provider-id")]
    public void Who_cannot_be_asked_is_refused(string provider, string type) => Assert.That(Ask(provider, Acme).Refusal?.Type, Is.EqualTo(type));

    [Test]
    public void The_old_provider_loses_what_the_new_one_gets()
    {
        var sides = ChangeProvider.AtProviders("acme", new TenantEvent.Moved("demo-dealer", "other-dealer", "x", Now)).ToDictionary();
        Assert.That(sides["demo-dealer"], Is.EqualTo(new ProviderEvent.LetGo("acme", Now)));
        Assert.That(sides["other-dealer"], Is.EqualTo(new ProviderEvent.TookOn("acme", Now)));
        Assert.That(Provider.Evolve(new(["acme", "globex"]), sides["demo-dealer"]).Tenants, Is.EqualTo(new[] { "globex" }));
    }

    private static Decision<TenantEvent> Ask(string provider, Tenant tenant) => AskProvider.Decide("acme", new(provider), "acme-admin", tenant, Now);

    private static (string?, AskedProvider?) Fold(Tenant tenant, Decision<TenantEvent> decision)
    {
        var after = decision.Events.Aggregate(tenant, Tenant.Evolve);
        return (after.Provider, after.Asked);
    }
}

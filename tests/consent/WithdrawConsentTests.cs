using Fleet.Consent.Consents;
using Fleet.Defaults;
using static Fleet.Consent.Tests.Given;

namespace Fleet.Consent.Tests;

public class WithdrawConsentTests
{
    [Test]
    public void A_withdrawal_ends_the_span_when_it_is_recorded()
    {
        var standing = History(Granted(1, "billing"));
        var withdrawn = Withdraw(new(["billing"], Reason: "we leave"), at: 7, standing).Events.Single();
        Assert.That(TenantConsent.Evolve(standing, withdrawn).Purposes, Is.EqualTo(new[] { new Span("billing", At(1), At(7), "1") }));
    }

    [Test]
    public void Withdrawing_what_does_not_stand_changes_nothing()
    {
        Assert.That(Withdraw(new(["billing"]), at: 7, TenantConsent.None).Events, Is.Empty);
        Assert.That(Withdraw(new(["billing"]), at: 7, History(Granted(1, "billing"), Withdrawn(3, "billing"))).Events, Is.Empty);
    }

    [Test]
    public void Only_what_stands_is_recorded()
    {
        var withdrawn = (ConsentEvent.Withdrawn)Withdraw(new(["billing", "fleet-management"]), at: 7, History(Granted(1, "billing"))).Events.Single();
        Assert.That(withdrawn.Purposes, Is.EqualTo(new[] { "billing" }));
    }

    [Test]
    public void The_others_go_on_standing()
    {
        var after = History(Granted(1, "billing", "fleet-management"), Withdrawn(3, "billing"));
        Assert.That(after.Purposes.Standing("fleet-management"), Is.Not.Null);
        Assert.That(after.Purposes.Standing("billing"), Is.Null);
    }

    [Test]
    public void A_clock_that_went_back_leaves_no_time_covered()
    {
        var after = History(Granted(5, "billing"), Withdrawn(3, "billing"));
        Assert.That(after.Purposes, Is.EqualTo(new[] { new Span("billing", At(5), At(5), "1") }));
    }

    [Test]
    public void An_unknown_name_is_refused() =>
        Assert.That(Withdraw(new(["marketing"]), at: 7, TenantConsent.None).Refusal?.Type, Is.EqualTo("unknown-purpose"));

    private static Decision<ConsentEvent> Withdraw(NewWithdrawal wanted, int at, TenantConsent consent) => WithdrawConsent.Decide(wanted, By, consent, Given.At(at));
}

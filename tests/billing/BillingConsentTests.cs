using Fleet.Billing.Consents;
using Fleet.Billing.Invoices;
using Fleet.Billing.Meters;
using Fleet.Billing.Series;
using Fleet.Contracts.Consent.V1;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class BillingConsentTests
{
    private static readonly ConsentChanged Granted = new("acme", 3, [new("fleet-management", At("2026-01-01"), null), new("billing", At("2026-10-05"), null)], [], [], At("2026-10-05"));

    [Test]
    public void Only_the_purpose_of_billing_counts_here()
    {
        var consent = BillingConsent.Evolve(BillingConsent.None, FollowConsent.Decide(Granted, BillingConsent.None).Events.Single());

        Assert.That((consent.Covers(At("2026-10-04")), consent.Covers(At("2026-10-05"))), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_withdrawal_ends_it_at_that_moment()
    {
        var consent = new BillingConsent(4, [new(At("2026-10-05"), At("2026-10-20"))]);

        Assert.That((consent.Covers(At("2026-10-19T23:59")), consent.Covers(At("2026-10-20"))), Is.EqualTo((true, false)));
    }

    [Test]
    public void A_message_that_was_overtaken_says_nothing() =>
        Assert.That(FollowConsent.Decide(Granted, new BillingConsent(3, [])).Events, Is.Empty);

    [Test]
    public void Of_a_month_in_which_consent_began_only_what_was_read_since_is_billed()
    {
        var consent = BillingConsent.Evolve(BillingConsent.None, FollowConsent.Decide(Granted, BillingConsent.None).Events.Single());
        var meter = Metered("dev-1", "mono", Read("2026-10-01", 0), Read("2026-10-06", 500), Read("2026-11-01", 900));

        Assert.That(Close(meter, consent).Billed.Select(b => b.Pages), Is.EqualTo([400]));
        Assert.That(Close(meter, Always).Billed.Select(b => b.Pages), Is.EqualTo([900]), "its twin");
        Assert.That(Close(meter, BillingConsent.None).Missing.Single().Reason, Is.EqualTo(Missing.NoConsent));
    }

    private static Close Close(MeterHistory meter, BillingConsent consent) => ClosePeriod.Decide(
        new("acme.office", "northwind", Terms(0m, Charge("mono", 0, 0.01m)), consent, October, Invoice.None, [meter], "billing", At("2026-11-02")), Invoice.None, NumberSeries.Empty);
}

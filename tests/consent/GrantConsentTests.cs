using Fleet.Consent.Consents;
using Fleet.Defaults;
using static Fleet.Consent.Tests.Given;

namespace Fleet.Consent.Tests;

public class GrantConsentTests
{
    [Test]
    public void A_grant_records_who_when_and_under_which_text()
    {
        var granted = (ConsentEvent.Granted)Grant(new(["billing"], ["remote-monitoring"], ["counters"]), at: 5, TenantConsent.None).Events.Single();

        Assert.Multiple(() =>
        {
            Assert.That(granted.Purposes.Concat(granted.Features).Concat(granted.FieldGroups), Is.EqualTo(new[] { "billing", "remote-monitoring", "counters" }));
            Assert.That((granted.By, granted.GivenAt, granted.At, granted.TextVersion, granted.TextHash, granted.TextLanguage), Is.EqualTo((By, At(5), At(5), "1", "abc", "en")));
        });
    }

    [Test]
    public void The_text_the_customer_was_shown_is_the_one_recorded()
    {
        var granted = (ConsentEvent.Granted)Grant(new(["billing"], Text: new("1", "de", "def")), at: 5, TenantConsent.None).Events.Single();
        Assert.That((granted.TextVersion, granted.TextLanguage, granted.TextHash), Is.EqualTo(("1", "de", "def")));
    }

    [TestCase("1", "de", "abc", TestName = "A_text_that_reads_otherwise_in_this_language_is_not_agreed_to")]
    [TestCase("0", "en", "abc", TestName = "An_older_text_is_not_agreed_to")]
    [TestCase("1", "da", "abc", TestName = "A_text_there_is_not_is_not_agreed_to")]
    public void Another_text_is_not_agreed_to(string version, string language, string hash) =>
        Assert.That(Grant(new(["billing"], Text: new(version, language, hash)), at: 5, TenantConsent.None).Refusal?.Type, Is.EqualTo("text-changed"));

    [Test]
    public void What_stands_already_is_not_granted_again() =>
        Assert.That(Grant(new(["billing"]), at: 5, History(Granted(1, "billing"))).Events, Is.Empty);

    [Test]
    public void Only_what_is_new_is_recorded()
    {
        var granted = (ConsentEvent.Granted)Grant(new(["billing", "fleet-management"]), at: 5, History(Granted(1, "billing"))).Events.Single();
        Assert.That(granted.Purposes, Is.EqualTo(new[] { "fleet-management" }));
    }

    [Test]
    public void After_a_withdrawal_it_can_be_granted_again()
    {
        var after = History(Granted(1, "billing"), Withdrawn(3, "billing"), (ConsentEvent)Grant(new(["billing"]), 5, History(Granted(1, "billing"), Withdrawn(3, "billing"))).Events.Single());
        Assert.That(after.Purposes, Is.EqualTo(new[] { new Span("billing", At(1), At(3), "1"), new Span("billing", At(5), null, "1") }));
    }

    [Test]
    public void A_paper_agreement_counts_from_the_day_it_was_signed()
    {
        var decision = Grant(new(["billing"], Evidence: "agreement of 1 November, file 17", GivenAt: At(-600)), at: 5, TenantConsent.None);
        var granted = (ConsentEvent.Granted)decision.Events.Single();
        Assert.That((granted.GivenAt, granted.At, granted.Evidence), Is.EqualTo((At(-600), At(5), "agreement of 1 November, file 17")));
    }

    [Test]
    public void Evidence_found_later_moves_the_beginning_back() =>
        Assert.That(
            History(Granted(1, "billing"), (ConsentEvent)Grant(new(["billing"], Evidence: "paper", GivenAt: At(-600)), 5, History(Granted(1, "billing"))).Events.Single()).Purposes,
            Is.EqualTo(new[] { new Span("billing", At(-600), null, "1") }));

    [Test]
    public void An_earlier_consent_without_evidence_is_refused() =>
        Assert.That(Grant(new(["billing"], GivenAt: At(4)), at: 5, TenantConsent.None).Refusal?.Type, Is.EqualTo("evidence-missing"));

    [Test] // the twin: now is not earlier
    public void A_consent_given_now_needs_no_evidence() =>
        Assert.That(Grant(new(["billing"], GivenAt: At(5)), at: 5, TenantConsent.None).Refusal, Is.Null);

    [Test]
    public void A_consent_of_tomorrow_is_refused() =>
        Assert.That(Grant(new(["billing"], Evidence: "paper", GivenAt: At(6)), at: 5, TenantConsent.None).Refusal?.Type, Is.EqualTo("given-in-the-future"));

    [Test]
    public void A_consent_given_before_a_withdrawal_ended_with_it()
    {
        var withdrawn = History(Granted(1, "billing"), Withdrawn(3, "billing"));
        Assert.That(Grant(new(["billing"], Evidence: "paper", GivenAt: At(2)), at: 5, withdrawn).Refusal?.Type, Is.EqualTo("withdrawn-since"));
        Assert.That(Grant(new(["billing"], Evidence: "paper", GivenAt: At(3)), at: 5, withdrawn).Refusal, Is.Null);
    }

    [TestCase("marketing", null, null, "unknown-purpose", "fleet-management, billing")]
    [TestCase(null, "spying", null, "unknown-feature", "remote-monitoring, admin-console, device-administration")]
    [TestCase(null, null, "user-names", "unknown-field-group", "identity, network-address")]
    public void A_name_nobody_knows_is_refused_with_those_that_are(string? purpose, string? feature, string? group, string type, string known)
    {
        var refusal = Grant(new(One(purpose), One(feature), One(group)), at: 5, TenantConsent.None).Refusal;
        Assert.That(refusal?.Type, Is.EqualTo(type));
        Assert.That(refusal?.Detail, Does.Contain(known));
    }

    [Test]
    public void A_name_of_another_kind_is_no_name() =>
        Assert.That(Grant(new(["counters"]), at: 5, TenantConsent.None).Refusal?.Type, Is.EqualTo("unknown-purpose"));

    [Test]
    public void A_grant_of_nothing_is_refused() =>
        Assert.That(Grant(new(), at: 5, TenantConsent.None).Refusal?.Type, Is.EqualTo("nothing-named"));

    private static Decision<ConsentEvent> Grant(NewGrant wanted, int at, TenantConsent consent) => GrantConsent.Decide(wanted, By, Texts, consent, Given.At(at));

    private static string[]? One(string? name) => name is null ? null : [name];
}

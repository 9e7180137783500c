using Fleet.Consent.Consents;
using Fleet.Contracts.Identity.V1;
using static Fleet.Consent.Tests.Given;

namespace Fleet.Consent.Tests;

/// <summary>A customer goes from one provider to another at minute 10; the news comes later.</summary>
public class EndConsentsTests
{
    private static readonly TenantMoved Moved = new("acme", "old", "new", At(10));

    [Test]
    public void What_was_given_before_the_move_ends()
    {
        var after = Hears(History(To("old", 1, "billing")));

        Assert.That(after.Purposes.Single().Until, Is.EqualTo(At(12)));
    }

    [Test]
    public void What_was_given_after_it_to_who_no_longer_looks_after_the_customer_ends_too()
    {
        var after = Hears(History(To("old", 11, "billing"), To("new", 11, "fleet-management")));

        Assert.That(after.Purposes.Where(span => span.Stands).Select(span => (span.Name, span.Provider)), Is.EqualTo(new[] { ("fleet-management", "new") }), "the twin: what was given to the new one stands");
    }

    [Test]
    public void What_was_given_to_the_new_one_before_the_news_came_is_not_taken_for_what_stood_already()
    {
        var consent = History(To("old", 1, "billing"));
        var again = GrantConsent.Decide(new(Purposes: ["billing"]), By, Texts, consent, At(11), Here("new")).Events.Single();
        var same = GrantConsent.Decide(new(Purposes: ["billing"]), By, Texts, consent, At(11), Here("old"));

        var spans = Hears(TenantConsent.Evolve(consent, again)).Purposes;

        Assert.That(spans, Is.EqualTo(new[] { new Span("billing", At(1), At(11), "1", "old"), new Span("billing", At(11), null, "1", "new") }));
        Assert.That(same.Events, Is.Empty, "the twin: to the same one it says nothing new");
    }

    [Test]
    public void The_news_a_second_time_changes_nothing()
    {
        var once = Hears(History(To("old", 1, "billing"), To("new", 13, "billing")));

        Assert.That(EndConsents.Decide(Moved, once, Here("old"), At(20)).Events, Is.Empty);
        Assert.That(once.Purposes.Single(span => span.Stands).Provider, Is.EqualTo("new"));
    }

    private static TenantConsent Hears(TenantConsent consent) => EndConsents.Decide(Moved, consent, Here("old"), At(12)).Events.Aggregate(consent, TenantConsent.Evolve);

    private static Circumstances Here(string provider) => new(How.Api, "https://fleet.example", provider);

    private static ConsentEvent To(string provider, int at, string purpose) => ((ConsentEvent.Granted)Granted(at, purpose)) with { Circumstances = Here(provider) };
}

using Fleet.Consent.Consents;
using Fleet.Consent.Grants;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Consents;
using static Fleet.Consent.Tests.Given;
using ConsentEvent = Fleet.Consent.Consents.ConsentEvent;

namespace Fleet.Consent.Tests;

/// <summary>A word that comes later, and a text that comes later, ride on no consent of before.</summary>
public class NewWordsTests
{
    private static readonly ConsentText[] Second = [new("2", "en", "new", "a new text")];

    // Each word in turn is the new one: the customer granted all there were before it came.
    [TestCaseSource(typeof(ConsentWords), nameof(ConsentWords.FieldGroups))]
    public void A_new_field_group_is_not_opened_by_the_consent_to_all_the_others(string added)
    {
        var before = ConsentWords.FieldGroups.Where(word => word != added).ToList();
        var consent = History(new ConsentEvent.Granted(ConsentWords.Purposes, ConsentWords.Features, before, By, At(0), At(0), "1", "abc", null));
        var standing = new StandingConsents("acme", 1, consent.Purposes, consent.Features, consent.FieldGroups);
        Assert.That(IssueGrant.Decide(standing, "https://fleet.example", "acme-hq", "hq", Guid.Empty, At(9)).FieldGroups, Is.EquivalentTo(before), "what agents may ask");

        var said = AnnounceConsent.Changed(consent, new Event<ConsentEvent>(new ConsentEvent.Granted([], [], [], By, At(0), At(0), "1", "abc", null)) { TenantId = "acme", Version = 1 });
        Assert.That(TellAgents.Decide(said).FieldGroups, Is.EquivalentTo(before), "what agents are told");
        var gate = LearnConsent.Decide(said, Telemetry.Consents.Consent.None).Events.Aggregate(Telemetry.Consents.Consent.None, Telemetry.Consents.Consent.Evolve);
        Assert.That(ConsentWords.FieldGroups.Where(word => gate.Covers(word, At(9))), Is.EquivalentTo(before), "what the gate lets in");
    }

    [TestCase("*")]
    [TestCase("all")]
    [TestCase("everything")]
    [TestCase("")]
    public void There_is_no_word_for_everything(string word) =>
        Assert.That(GrantConsent.Decide(new(FieldGroups: [word]), By, Texts, TenantConsent.None, At(5)).Refusal?.Type, Is.EqualTo("unknown-field-group"));

    [Test]
    public void Under_a_new_text_what_stood_stands_and_is_asked_for_anew()
    {
        var consent = History(Granted(1, "billing"));
        Assert.That(consent.Purposes.Single().Stands, Is.True);
        Assert.That(AskedAnew.Of("2", consent.Purposes)?.Names, Is.EqualTo(new[] { "billing" }));
        Assert.That(AskedAnew.Of("1", consent.Purposes), Is.Null, "the twin: under the same text nothing is asked for anew");
        Assert.That(AskedAnew.Of("1.1", consent.Purposes), Is.Null, "a better wording of the same is no new text");
    }

    [Test]
    public void Agreeing_to_the_new_text_is_recorded_although_the_name_stands_already_and_its_span_goes_on()
    {
        var before = History(Granted(1, "billing"));
        var again = (ConsentEvent.Granted)GrantConsent.Decide(new(["billing"]), By, Second, before, At(5)).Events.Single();
        Assert.That((again.TextVersion, again.Purposes), Is.EqualTo(("2", (string[])["billing"])));
        var after = TenantConsent.Evolve(before, again);
        Assert.That(after.Purposes, Is.EqualTo(new[] { new Consents.Span("billing", At(1), null, "2") }));
        Assert.That(AskedAnew.Of("2", after.Purposes), Is.Null);
        Assert.That(GrantConsent.Decide(new(["billing"]), By, Second, after, At(6)).Events, Is.Empty, "once is enough");
    }

    [Test]
    public void What_was_withdrawn_is_not_asked_for_anew_as_if_it_stood() =>
        Assert.That(AskedAnew.Of("2", History(Granted(1, "billing"), Withdrawn(3, "billing")).Purposes), Is.Null);

    [Test]
    public void A_name_that_is_new_with_the_text_does_not_stand_by_agreeing_to_the_others_anew()
    {
        var again = (ConsentEvent.Granted)GrantConsent.Decide(new(["billing"], FieldGroups: ["counters"]), By, Second, History(Granted(1, "billing")), At(5)).Events.Single();
        Assert.That(TenantConsent.Evolve(History(Granted(1, "billing")), again).FieldGroups.Select(span => span.Name), Is.EqualTo(new[] { "counters" }));
    }
}

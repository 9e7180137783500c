using System.Text.Json;
using Fleet.Cli.Consents;
using Fleet.Consent.Consents;
using Fleet.Contracts.Consent.V1;
using Fleet.EventStore;
using Fleet.Telemetry.Consents;
using FsCheck;
using FsCheck.Fluent;
using static Fleet.Consent.Tests.Given;
using ConsentEvent = Fleet.Consent.Consents.ConsentEvent;

namespace Fleet.Consent.Tests.Audit;

/// <summary>
/// Three say when a name stood: the consent service, the gate it tells, and the auditor who reads what both have stored. Over random grants and withdrawals, each second of it, they say the same.
/// </summary>
public class SameSpansProperties
{
    private sealed record Step(bool Grants, int Later, IReadOnlyList<string> Names, int Back);

    private static readonly string[] Names = [.. ConsentWords.FieldGroups.Take(3)];

    [Test]
    public void Consent_gate_and_auditor_say_the_same_of_every_moment() => Check((known, name, at) => known.Covers(name, at)).QuickCheckThrowOnFailure();

    [Test] // the twin: a gate that counts the moment of the withdrawal in is caught
    public void A_gate_that_is_open_a_moment_too_long_is_caught() =>
        Assert.That(() => Check((known, name, at) => known.FieldGroups.Any(span => span.Name == name && span.From <= at && !(span.Until < at))).QuickCheckThrowOnFailure(), Throws.Exception);

    [Test] // the twin: a gate that forgets what a name stood for before is caught
    public void A_gate_that_knows_only_what_stands_now_is_caught() =>
        Assert.That(() => Check((known, name, at) => known.FieldGroups.Any(span => span.Name == name && span.Until is null && span.From <= at)).QuickCheckThrowOnFailure(), Throws.Exception);

    private static Property Check(Func<Telemetry.Consents.Consent, string, DateTimeOffset, bool> gate) => Prop.ForAll(Steps().ToArbitrary(), steps =>
    {
        var (consent, history, known, now, version) = (TenantConsent.None, new ConsentHistory(), Telemetry.Consents.Consent.None, 0, 0L);
        foreach (var step in steps)
        {
            now += step.Later;
            var decision = step.Grants
                ? GrantConsent.Decide(new(FieldGroups: step.Names, GivenAt: At(now - step.Back), Evidence: "paper"), By, Texts, consent, At(now))
                : WithdrawConsent.Decide(new(FieldGroups: step.Names), By, consent, At(now));
            foreach (var e in decision.Events)
            {
                consent = TenantConsent.Evolve(consent, e);
                history.Apply(e is ConsentEvent.Granted ? "consent_granted" : "consent_withdrawn", JsonSerializer.SerializeToElement(e, e.GetType(), JsonSerializerOptions.Web));
                var said = AnnounceConsent.Changed(consent, new Event<ConsentEvent>(e) { TenantId = "acme", Version = ++version });
                known = LearnConsent.Decide(said, known).Events.Aggregate(known, Telemetry.Consents.Consent.Evolve);
            }
        }
        return Enumerable.Range(-20, now + 40).All(minute => Names.All(name =>
            gate(known, name, At(minute)) == (history.WhyNotFieldGroup(name, At(minute)) is null)
            && gate(known, name, At(minute)) == consent.FieldGroups.Any(span => span.Name == name && span.From <= At(minute) && !(span.Until <= At(minute)))));
    });

    private static Gen<List<Step>> Steps() =>
        (from grants in Gen.Elements(true, true, false)
         from later in Gen.Choose(0, 5)
         from names in Gen.NonEmptyListOf(Gen.Elements(Names))
         from back in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 15)))
         select new Step(grants, later, [.. names.Distinct()], back)).ListOf();
}

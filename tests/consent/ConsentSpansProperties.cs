using Fleet.Consent.Consents;
using Fleet.Contracts.Consent.V1;
using FsCheck;
using FsCheck.Fluent;
using static Fleet.Consent.Tests.Given;

namespace Fleet.Consent.Tests;

/// <summary>Random grants and withdrawals through the decisions, against a model that knows no spans: a list of what was said.</summary>
public class ConsentSpansProperties
{
    /// <param name="Later">Minutes after the step before.</param>
    /// <param name="Names">Of field groups.</param>
    /// <param name="Back">A grant's givenAt lies so many minutes back.</param>
    private sealed record Step(bool Grants, int Later, IReadOnlyList<string> Names, int Back);

    [Test]
    public void Decisions_and_fold_cover_exactly_what_the_model_covers() => Check(TenantConsent.Evolve).QuickCheckThrowOnFailure();

    [Test] // the twin: a fold that forgets to end what was withdrawn is caught
    public void A_fold_that_forgets_withdrawals_is_caught() =>
        Assert.That(() => Check((consent, e) => e is ConsentEvent.Withdrawn ? consent : TenantConsent.Evolve(consent, e)).QuickCheckThrowOnFailure(), Throws.Exception);

    [Test] // the twin: a fold that dates a grant when it was recorded is caught
    public void A_fold_that_forgets_when_it_was_given_is_caught() =>
        Assert.That(() => Check((consent, e) => TenantConsent.Evolve(consent, e is ConsentEvent.Granted g ? g with { GivenAt = g.At } : e)).QuickCheckThrowOnFailure(), Throws.Exception);

    private static Property Check(Func<TenantConsent, ConsentEvent, TenantConsent> fold) =>
        Prop.ForAll(Steps().ToArbitrary(), steps =>
        {
            var (consent, model, now) = (TenantConsent.None, new NaiveConsent(), 0);
            foreach (var step in steps)
            {
                now += step.Later;
                var decision = step.Grants
                    ? GrantConsent.Decide(new(FieldGroups: step.Names, GivenAt: At(now - step.Back), Evidence: "paper"), By, Texts, consent, At(now))
                    : WithdrawConsent.Decide(new(FieldGroups: step.Names), By, consent, At(now));
                var accepted = step.Grants ? model.Grant(step.Names, now - step.Back) : model.Withdraw(step.Names, now);
                if (accepted != decision.Refusal is null)
                    return false;
                consent = decision.Events.Aggregate(consent, fold);
            }
            return Enumerable.Range(-20, now + 40).All(minute =>
                Names.All(name => model.Covers(name, minute) == consent.FieldGroups.Any(span => Holds(span, name, At(minute)))))
                && Names.All(name => consent.FieldGroups.Count(span => span.Name == name && span.Stands) <= 1);
        });

    private static readonly string[] Names = [.. ConsentWords.FieldGroups.Take(3)];

    private static bool Holds(Span span, string name, DateTimeOffset at) => span.Name == name && span.From <= at && !(span.Until <= at);

    private static Gen<List<Step>> Steps() =>
        (from grants in Gen.Elements(true, true, false)
         from later in Gen.Choose(0, 5)
         from names in Gen.NonEmptyListOf(Gen.Elements(Names))
         from back in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(1, 15)))
         select new Step(grants, later, [.. names.Distinct()], back)).ListOf();
}

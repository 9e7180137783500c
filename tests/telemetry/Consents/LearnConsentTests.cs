using Fleet.Contracts.Consent.V1;
using Fleet.Telemetry.Consents;
using static Fleet.Telemetry.Tests.Samples;

namespace Fleet.Telemetry.Tests.Consents;

public class LearnConsentTests
{
    [Test]
    public void A_newer_version_replaces_what_was_known()
    {
        var known = Learn(Consent.None, 1, "billing");

        known = Learn(known, 2, "fleet-management");

        Assert.That((known.Allows("billing", Noon), known.Allows("fleet-management", Noon)), Is.EqualTo((false, true)));
    }

    [Test]
    public void A_late_older_version_changes_nothing() =>
        Assert.That(LearnConsent.Decide(Changed(1, "billing"), Learn(Consent.None, 2)).Events, Is.Empty);

    [Test]
    public void The_same_version_again_changes_nothing() =>
        Assert.That(LearnConsent.Decide(Changed(2, "billing"), Learn(Consent.None, 2, "billing")).Events, Is.Empty);

    private static Consent Learn(Consent known, long version, params string[] purposes) =>
        LearnConsent.Decide(Changed(version, purposes), known).Events.Aggregate(known, Consent.Evolve);

    private static ConsentChanged Changed(long version, params string[] purposes) =>
        new("acme", version, [.. purposes.Select(p => new ConsentSpan(p, Noon.AddDays(-1), null))], [], [], Noon);
}

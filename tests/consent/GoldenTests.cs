using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using Fleet.Contracts.Consent.V1;
using Fleet.Contracts.Edge.V1;
using Fleet.Testing;
using static Fleet.Consent.Tests.Given;

namespace Fleet.Consent.Tests;

public class GoldenTests
{
    private static readonly ConsentEvent.Granted Granted =
        new(["billing"], ["remote-monitoring"], ["counters", "status"], By, At(-600), At(5), "1", "abc", "agreement, file 17");

    private static readonly ConsentEvent.Withdrawn Withdrawn = new(["billing"], [], ["counters"], By, At(7), "we leave");

    private static readonly ConsentChanged Changed = new(
        "acme", 2, [new("billing", At(1), At(7))], [new("remote-monitoring", At(1), null)], [new("counters", At(1), null)], At(7));

    private static IEnumerable<TestCaseData> Stored =>
    [
        new TestCaseData("consent_granted", Granted).SetArgDisplayNames("consent_granted"),
        new TestCaseData("consent_withdrawn", Withdrawn).SetArgDisplayNames("consent_withdrawn"),
    ];

    [TestCaseSource(nameof(Stored))]
    public void A_stored_event_stays_what_it_was(string name, ConsentEvent sample)
    {
        Assert.That(TenantConsent.Stream.Events[name], Is.EqualTo(sample.GetType()));
        Golden.Stored(name, sample);
    }

    [Test]
    public void Every_stored_event_has_a_golden_file() =>
        Assert.That(TenantConsent.Stream.Events.Keys, Is.EquivalentTo(Stored.Select(stored => stored.Arguments[0])));

    [Test]
    public void What_agents_are_told_stays_what_it_was() =>
        Golden.Holds("../../contracts/golden/edge", ConsentNotice.Type, new ConsentNotice("acme", 7, ["identity", "counters"]), ConsentNotice.Json);

    [Test]
    public void The_public_message_stays_what_it_was() => Golden.Public(Changed);

    [Test] // the twin
    public void A_member_that_moved_is_seen()
    {
        var golden = JsonSerializer.SerializeToNode(Withdrawn, JsonSerializerOptions.Web)!;
        var moved = JsonNode.Parse(golden.ToJsonString().Replace("reason", "why", StringComparison.Ordinal))!;
        Assert.That(Golden.Differs(golden, moved), Does.Contain("why"));
    }

    [Test]
    public void The_text_of_a_version_never_changes() =>
        Assert.That((ConsentText.Current.Version, ConsentText.Current.Hash), Is.EqualTo(("1", "5189609fafabfaf1d893118270324af3a9cbf50840258310da4468c1afdc7679")));
}

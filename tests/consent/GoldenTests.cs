using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Consent.AgentPages;
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
    public void A_consent_to_a_text_in_another_language_says_so_and_an_older_one_says_nothing() =>
        Golden.Stored("consent_granted.in-german", Granted with { TextLanguage = "de" });

    [Test]
    public void How_and_between_whom_is_written_down_and_an_older_event_says_nothing_of_it()
    {
        Golden.Stored("consent_granted.in-the-portal", Granted with { Circumstances = new(How.Portal, "https://fleet.example", "demo-dealer", null, null) });
        Golden.Stored("consent_withdrawn.at-the-agent", Withdrawn with { Circumstances = new(How.AgentPage, "https://fleet.example", null, null, null) });
    }

    [Test]
    public void Where_the_data_was_kept_and_which_receipt_a_change_has_is_written_down_and_an_older_event_says_nothing_of_it() =>
        Golden.Stored("consent_granted.in-germany", Granted with { Circumstances = new(How.Portal, "https://fleet.example", "demo-dealer", "DE", 2) });

    [Test]
    public void Whether_agents_pages_give_consents_stays_what_it_was()
    {
        Golden.Stored("agent_page_opened", new AgentPageEvent.Opened(By, At(1)));
        Golden.Stored("agent_page_closed", new AgentPageEvent.Closed(By, At(2)));
        Assert.That(AgentPage.Stream.Events.Keys, Is.EquivalentTo(new[] { "agent_page_opened", "agent_page_closed" }));
    }

    [Test]
    public void Every_stored_event_has_a_golden_file() =>
        Assert.That(TenantConsent.Stream.Events.Keys, Is.EquivalentTo(Stored.Select(stored => stored.Arguments[0])));

    [Test]
    public void What_agents_are_told_stays_what_it_was() =>
        Golden.Holds("../../contracts/golden/edge", ConsentNotice.Type, new ConsentNotice("acme", 7, ["identity", "counters"]), ConsentNotice.Json);

    [Test]
    public void The_public_message_stays_what_it_was() => Golden.Public(Changed);

    [Test]
    public void What_the_gate_is_told_stays_what_it_was() =>
        Golden.Public(new ConsentsTold(new("01930000-0000-7000-8000-000000000002"), At(8), [new("acme", 2, Changed.Purposes, Changed.FieldGroups)]));

    [Test] // the twin
    public void A_member_that_moved_is_seen()
    {
        var golden = JsonSerializer.SerializeToNode(Withdrawn, JsonSerializerOptions.Web)!;
        var moved = JsonNode.Parse(golden.ToJsonString().Replace("reason", "why", StringComparison.Ordinal))!;
        Assert.That(Golden.Differs(golden, moved), Does.Contain("why"));
    }

    [TestCase("1", "en", "5189609fafabfaf1d893118270324af3a9cbf50840258310da4468c1afdc7679")]
    [TestCase("1", "de", "e5de266b0d2ad77b9b29fdf04b4e93c2e58445204a00835c8522b7b4b629edc6")]
    [TestCase("1", "fr", "b994bd81af655161eefdebfe4bc6be1a1f4adb2e4651d3212a2bd3016c63e635")]
    [TestCase("1", "sv", "bed2ccce4886770f967f5e66f53118a8164cae23c789404b3a8c85977d11c1bb")]
    [TestCase("1.1", "en", "df66b26fdbc4202ce5dfab6c7468a503e937e6ce9598f2c88c60162e090b57b5")]
    [TestCase("1.1", "de", "8af251319497c3e6c16f8e533b2f4d08529ca6536f5081ed6f9eee321c011762")]
    [TestCase("1.1", "fr", "a64ecbe337a9d9d4c94e0342c1e4047445f90d30ea1d712577b46fab35cfddcf")]
    [TestCase("1.1", "sv", "b8e66ad5c004a3a47abd6d7fa1ee7a3606d2729248a2414eea173989e5c50270")]
    public void The_text_of_a_version_never_changes(string version, string language, string hash) => Assert.That(ConsentText.Find(version, language)!.Hash, Is.EqualTo(hash));

    [Test]
    public void Todays_text_says_the_same_as_the_first_one_so_nobody_is_asked_anew() =>
        Assert.That(ConsentText.Current.Select(text => (text.Version, ConsentText.AsksAnew("1", text.Version))), Is.All.EqualTo(("1.1", false)));

    [Test]
    public void Each_language_tells_of_every_name_there_is_and_of_no_other()
    {
        var words = ConsentWords.Purposes.Concat(ConsentWords.Features).Concat(ConsentWords.FieldGroups).ToList();
        foreach (var text in ConsentText.Current)
            Assert.That(Regex.Matches(text.Text, @"^- \*\*([a-z-]+)\*\*", RegexOptions.Multiline).Select(found => found.Groups[1].Value), Is.EqualTo(words), text.Language);
    }
}

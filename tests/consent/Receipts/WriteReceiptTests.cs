using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using Fleet.Consent.Receipts;
using static Fleet.Consent.Tests.Given;
using static Fleet.Consent.Tests.Receipts.GivenReceipts;

namespace Fleet.Consent.Tests.Receipts;

public class WriteReceiptTests
{
    [Test] // byte for byte: whoever holds a receipt compares it in ten years
    public void A_receipt_stays_what_it_was()
    {
        Holds("receipt-2-granted", WriteReceipt.Payload([Event(1, Allowed)]));
        Holds("receipt-2-withdrawn", WriteReceipt.Payload([Event(1, Allowed), Event(2, TakenBack)]));
    }

    [Test]
    public void A_change_recorded_under_the_first_schema_keeps_its_receipt_byte_for_byte()
    {
        var (granted, withdrawn) = (Event(1, Allowed with { Circumstances = Before }), Event(2, TakenBack with { Circumstances = Before }));
        Holds("receipt-granted", WriteReceipt.Payload([granted]));
        Holds("receipt-withdrawn", WriteReceipt.Payload([granted, withdrawn]));
    }

    [Test]
    public void A_withdrawal_of_today_that_ends_a_consent_of_the_first_schema_names_its_record_and_its_text()
    {
        var record = Record(WriteReceipt.Payload([Event(1, Allowed with { Circumstances = Before }), Event(2, TakenBack)]));
        Assert.That(record["updates"]!.AsArray().Select(ended => (string?)ended), Is.EqualTo(new[] { "urn:uuid:00000000-0000-0000-0000-000000000001" }));
        Assert.That((string?)record["privacy_notice"]!["notice_address"], Is.EqualTo("https://fleet.example/.well-known/fleet-consent-texts/1/de"));
    }

    [Test]
    public void A_receipt_tells_where_the_data_was_kept_when_its_change_happened_and_the_text_where_it_was_agreed_to()
    {
        var moved = TakenBack with { Circumstances = Today with { Origin = "https://us.fleet.example", Country = "US" } };
        var record = Record(WriteReceipt.Payload([Event(1, Allowed), Event(2, moved)]));
        var process = record["pii_processing"]![0]!;
        Assert.That(((string?)process["storage_locations"]![0]!["location"], (string?)process["jurisdiction"]), Is.EqualTo(("loc:US", "loc:US")));
        Assert.That((string?)record["privacy_notice"]!["notice_address"], Does.StartWith("https://fleet.example/"));
        var unknown = Record(WriteReceipt.Payload([Event(1, Allowed), Event(2, moved with { Circumstances = moved.Circumstances! with { Country = null } })]))["pii_processing"]![0]!;
        Assert.That((unknown["storage_locations"]![0]!["location"], unknown["jurisdiction"]), Is.EqualTo(((JsonNode?)null, (JsonNode?)null)), "nothing is claimed that nobody said");
    }

    [Test]
    public void A_change_that_happens_now_is_recorded_under_the_newest_schema_and_one_of_before_there_were_two_under_the_first()
    {
        Assert.That(new Circumstances(How.Api, "https://fleet.example", "demo-dealer").Receipt, Is.EqualTo(WriteReceipt.Newest));
        var stored = System.Text.Json.JsonSerializer.Deserialize<Circumstances>("""{"how":"api","origin":"https://fleet.example","provider":"demo-dealer"}""", System.Text.Json.JsonSerializerOptions.Web);
        Assert.That(stored, Is.EqualTo(Before with { How = How.Api }));
    }

    [Test]
    public void An_event_of_before_circumstances_were_written_down_has_a_receipt_of_the_first_schema()
    {
        var receipt = JsonNode.Parse(WriteReceipt.Payload([Event(1, Allowed with { Circumstances = null, TextLanguage = null })]))!;
        Assert.That((string?)receipt["schema_version"], Is.EqualTo("ISO/IEC TS 27560:2023 fleet-consent-receipt/1"));
        Assert.That((string?)receipt["events"]![0]!["indication_method"], Is.EqualTo("fleet:paper"));
    }

    [Test]
    public void What_an_earlier_withdrawal_ended_is_not_ended_again()
    {
        var record = Record(WriteReceipt.Payload([Event(1, Allowed), Event(2, TakenBack), Event(3, Allowed), Event(4, TakenBack)]));
        Assert.That(record["updates"]!.AsArray().Select(ended => (string?)ended), Is.EqualTo(new[] { "urn:uuid:00000000-0000-0000-0000-000000000003" }));
        var other = Record(WriteReceipt.Payload([Event(1, Allowed), Event(2, TakenBack), Event(3, TakenBack with { Purposes = [], FieldGroups = ["status"] })]));
        Assert.That(other["updates"]!.AsArray().Select(ended => (string?)ended), Is.EqualTo(new[] { "urn:uuid:00000000-0000-0000-0000-000000000001" }), "another name of the first one stood");
    }

    [TestCase(How.Portal, "dpv:ExplicitlyExpressedConsent", "dpv:ConsentWithdrawn")]
    [TestCase(How.AgentPage, "dpv:ExplicitlyExpressedConsent", "dpv:ConsentWithdrawn")]
    [TestCase(How.Paper, "dpv:ExpressedConsent", "dpv:ConsentWithdrawn")]
    [TestCase(How.Moved, "dpv:ExpressedConsent", "dpv:ConsentRevoked")]
    public void A_receipt_claims_no_more_of_a_consent_than_is_known_of_how_it_was_given_and_ended(string how, string type, string ended)
    {
        var around = Today with { How = how };
        var (granted, withdrawn) = (Event(1, Allowed with { Circumstances = around }), Event(2, TakenBack with { Circumstances = around }));
        Assert.That((string?)Record(WriteReceipt.Payload([granted]))["events"]![0]!["event_type"], Is.EqualTo(type));
        Assert.That((string?)Record(WriteReceipt.Payload([granted, withdrawn]))["events"]![0]!["event_state"], Is.EqualTo(ended));
    }

    [Test]
    public void Evidence_is_of_a_grant_and_a_withdrawal_has_a_reason_if_it_has_one()
    {
        var said = Record(WriteReceipt.Payload([Event(1, Allowed), Event(2, TakenBack)]))["events"]![0]!;
        Assert.That((said["evidence"], (string?)said["reason"]!["description"]), Is.EqualTo(((JsonNode?)null, "we leave")));
    }

    [Test]
    public void Nothing_is_missing_that_27560_asks_for()
    {
        Assert.That(RequiredFields.Missing(JsonNode.Parse(WriteReceipt.Payload([Event(1, Allowed)]))!), Is.Empty);
        Assert.That(RequiredFields.Missing(JsonNode.Parse(WriteReceipt.Payload([Event(1, Allowed), Event(2, TakenBack)]))!), Is.Empty);
    }

    [TestCase("record_id", "records[0]/record_id")]
    [TestCase("pii_processing", "pii_processing")]
    [TestCase("parties", "parties")]
    public void A_receipt_that_lacks_a_section_is_seen(string member, string missing) // the twin
    {
        var receipt = JsonNode.Parse(WriteReceipt.Payload([Event(1, Allowed)]))!;
        receipt["records"]![0]!.AsObject().Remove(member);
        Assert.That(RequiredFields.Missing(receipt), Is.EqualTo(new[] { missing }));
    }

    [Test] // the twin
    public void A_receipt_whose_event_does_not_say_when_is_seen()
    {
        var receipt = JsonNode.Parse(WriteReceipt.Payload([Event(1, Allowed)]))!;
        receipt["records"]![0]!["events"]![0]!.AsObject().Remove("event_time");
        Assert.That(RequiredFields.Missing(receipt), Is.EqualTo(new[] { "events[0]/event_time" }));
    }

    private static JsonNode Record(byte[] payload) => JsonNode.Parse(payload)!["records"]![0]!;

    private static void Holds(string name, byte[] payload, [CallerFilePath] string test = "")
    {
        var file = Path.Combine(Path.GetDirectoryName(test)!, "../golden", $"{name}.jsonld");
        if (!File.Exists(file))
        {
            File.WriteAllBytes(file, payload);
            Assert.Fail($"{file} did not exist and was written; look at it and commit it");
        }
        Assert.That(Encoding.UTF8.GetString(payload), Is.EqualTo(File.ReadAllText(file)));
    }
}

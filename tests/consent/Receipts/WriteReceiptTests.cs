using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using Fleet.Consent.Receipts;
using Fleet.EventStore;
using static Fleet.Consent.Tests.Given;

namespace Fleet.Consent.Tests.Receipts;

public class WriteReceiptTests
{
    private static readonly Circumstances Circumstances = new(How.Portal, "https://fleet.example", "demo-dealer");

    private static readonly ConsentEvent.Granted Granted =
        new(["billing"], ["remote-monitoring"], ["counters", "status"], By, At(-600), At(5), "1", "abc", "agreement, file 17", "de", Circumstances);

    private static readonly ConsentEvent.Withdrawn Withdrawn = new(["billing"], [], ["counters"], By, At(7), "we leave", Circumstances);

    [Test] // byte for byte: whoever holds a receipt compares it in ten years
    public void A_receipt_stays_what_it_was()
    {
        Holds("receipt-granted", WriteReceipt.Payload([Event(1, Granted)]));
        Holds("receipt-withdrawn", WriteReceipt.Payload([Event(1, Granted), Event(2, Withdrawn)]));
    }

    [Test]
    public void An_event_of_before_circumstances_were_written_down_has_a_receipt_too()
    {
        var receipt = JsonNode.Parse(WriteReceipt.Payload([Event(1, Granted with { Circumstances = null, TextLanguage = null })]))!;
        Assert.That(RequiredFields.Missing(receipt), Is.Empty);
        Assert.That((string?)receipt["events"]![0]!["indication_method"], Is.EqualTo("fleet:paper"));
    }

    [TestCase("record_id")]
    [TestCase("pii_processing")]
    [TestCase("parties")]
    public void A_receipt_that_lacks_a_section_is_seen(string member) // the twin
    {
        var receipt = JsonNode.Parse(WriteReceipt.Payload([Event(1, Granted)]))!.AsObject();
        receipt.Remove(member);
        Assert.That(RequiredFields.Missing(receipt), Is.EqualTo(new[] { member }));
    }

    [Test] // the twin
    public void A_receipt_whose_event_does_not_say_when_is_seen()
    {
        var receipt = JsonNode.Parse(WriteReceipt.Payload([Event(1, Granted)]))!;
        receipt["events"]![0]!.AsObject().Remove("event_time");
        Assert.That(RequiredFields.Missing(receipt), Is.EqualTo(new[] { "events[0]/event_time" }));
    }

    private static IEvent Event(long version, ConsentEvent data) => new Event<ConsentEvent>(data)
    {
        Id = new Guid(new byte[15].Append((byte)version).ToArray()),
        Version = version,
        TenantId = "acme",
        StreamKey = "consent/acme",
    };

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

using System.Text.Json.Nodes;
using Fleet.Consent.Consents;
using Fleet.Consent.Receipts;
using static Fleet.Consent.Tests.Receipts.GivenReceipts;

namespace Fleet.Consent.Tests.Receipts;

/// <summary>Whoever reads a receipt with the vocabularies in hand finds every word of it there, and used as it is meant.</summary>
public class CheckTermsTests
{
    private static IEnumerable<TestCaseData> Every =>
        from how in new[] { How.Portal, How.Api, How.Paper, How.AgentPage, How.Moved }
        from country in new[] { "DE", null }
        from granted in new[] { true, false }
        select new TestCaseData(how, country, granted).SetArgDisplayNames(how, country ?? "-", granted ? "granted" : "withdrawn");

    [TestCaseSource(nameof(Every))]
    public void Every_term_is_one_of_the_vocabularies_and_fits(string how, string? country, bool granted)
    {
        var around = Today with { How = how, Country = country };
        var given = Event(1, Everything with { Circumstances = around });
        var receipt = WriteReceipt.Payload(granted ? [given] : [given, Event(2, TakenBack with { Circumstances = around })]);
        Assert.That(CheckTerms.Faults(JsonNode.Parse(receipt)!), Is.Empty);
    }

    [Test] // the twin: what schema 1 got wrong, term for term
    public void The_first_schema_used_terms_that_are_not_there_or_are_something_else()
    {
        var faults = CheckTerms.Faults(JsonNode.Parse(WriteReceipt.Payload([Event(1, Everything with { Circumstances = Today with { Receipt = null } })]))!);
        Assert.That(faults, Is.SupersetOf(new[]
        {
            "dpv:hasPurposeType is no known property", "dpv:hasPersonalDataType is no known property", "dpv:hasCollectionMethod is no known property", "dpv:hasRole is no known property",
            "dpv:hasRight of the text 'dpv:RightToWithdrawConsent'", "dpv:hasLegalBasis of the text 'dpv:Consent'",
        }));
    }

    [TestCase("dpv:hasPurpose", "dpv:hasPurposes", "dpv:hasPurposes is no known property")]
    [TestCase("dpv:PaymentManagement", "dpv:BillingManagement", "dpv:BillingManagement is not known")]
    [TestCase("dpv:ConsentGiven", "dpv:ConsentGranted", "dpv:ConsentGranted is no known class")]
    [TestCase("pd:IPAddress", "pd:IpAddress", "pd:IpAddress is not known")]
    [TestCase("loc:DE", "loc:XX", "loc:XX is not known")]
    [TestCase("\"dpv:hasPersonalData\"", "\"dpv:hasPurpose\"", "dpv:hasPurpose of fleet:identity, which is no dpv:Purpose")]
    [TestCase("\"dpv:DataController\"", "\"dpv:hasDataController\"", "dpv:hasDataController is no known class")]
    [TestCase("https://w3id.org/dpv#", "https://www.w3.org/ns/dpv#", "https://www.w3.org/ns/dpv#ConsentReceipt is no known class")]
    [TestCase("\"events\":\"dpv:hasConsentStatus\",", "", "events has no term")]
    [TestCase("\"lawful_basis\":{\"@id\":\"dpv:hasLegalBasis\",\"@type\":\"@id\"}", "\"lawful_basis\":\"dpv:hasLegalBasis\"", "dpv:hasLegalBasis of the text 'dpv:Consent'")]
    public void A_term_that_is_not_there_or_does_not_fit_is_seen(string right, string wrong, string fault) // the twin
    {
        var receipt = System.Text.Encoding.UTF8.GetString(WriteReceipt.Payload([Event(1, Everything)]));
        Assert.That(receipt, Does.Contain(right));
        Assert.That(CheckTerms.Faults(JsonNode.Parse(receipt.Replace(right, wrong, StringComparison.Ordinal))!), Does.Contain(fault));
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Billing.Consents;
using Fleet.Billing.Contracts;
using Fleet.Billing.Invoices;
using Fleet.Billing.Meters;
using Fleet.Billing.Series;
using Fleet.EventStore;
using Fleet.Testing;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class GoldenTests
{
    private static readonly Reading First = Read("2026-10-01", 91_164), Last = Read("2026-11-01", 120), Before = Read("2026-10-20", 92_000), After = Read("2026-10-21", 20);

    private static readonly InvoiceEvent.InvoiceIssued Issued = new(
        "acme.office-printing.2026-10", "northwind-000042", "acme.office-printing", "Office printing", "northwind", "2026-10", "Europe/Berlin",
        At("2026-09-30T22:00"), At("2026-10-31T23:00"),
        [
            new(1, InvoiceLine.BaseFee, "Base fee 2026-10", null, null, null, null, null, null, null, null, 49.90m, new(49.90m, Eur), null),
            new(2, InvoiceLine.PagesKind, "936 mono pages of dev-1", "dev-1", "mono", "mono", First, Last, 936, 100, 836, 0.0079m, new(6.60m, Eur),
                [new(EpochStart.Reset, Before, After, 0)]),
        ],
        new(56.50m, Eur), [Missing.Of("dev-2", "mono", Missing.NoReading)], "billing-clerk", At("2026-11-02"));

    private static readonly IStreamType[] Streams = [Contract.Stream, Meter.Stream, Invoice.Stream, NumberSeries.Stream, BillingConsent.Stream];

    private static IEnumerable<TestCaseData> Stored =>
    [
        Of("contract_signed", new ContractEvent.ContractSigned("acme.office-printing", "northwind",
            Terms(49.90m, Charge("mono", 1000, 0.0079m), Charge("color", 0, 0.065m)) with { Devices = new(["dev-1"]) }, "billing-clerk", At("2026-09-01"))),
        Of("meter_read", new MeterEvent.MeterRead("dev-1", "mono", First)),
        Of("pages_billed", new MeterEvent.PagesBilled("dev-1", "mono", "acme.office-printing.2026-10", First, Last, 936)),
        Of("invoice_issued", Issued),
        Of("billing_consent_changed", new BillingConsentEvent.BillingConsentChanged(3, [new(At("2026-09-01"), At("2026-09-15")), new(At("2026-10-01"), null)])),
        Of("number_given", new SeriesEvent.NumberGiven(42, "acme.office-printing.2026-10")),
    ];

    [TestCaseSource(nameof(Stored))]
    public void A_stored_event_stays_what_it_was(string name, object sample)
    {
        Assert.That(Streams.Single(s => s.EventTypes.ContainsKey(name)).EventTypes[name], Is.EqualTo(sample.GetType()));
        Golden.Stored(name, sample);
    }

    [Test]
    public void Every_stored_event_has_a_golden_file() =>
        Assert.That(Streams.SelectMany(s => s.EventTypes.Keys), Is.EquivalentTo(Stored.Select(stored => stored.Arguments[0])));

    [Test]
    public void The_public_message_stays_what_it_was() => Golden.Public(AnnounceInvoice.Translate("acme", Issued));

    [Test] // the twin
    public void An_amount_that_lost_its_cents_is_seen()
    {
        var golden = JsonSerializer.SerializeToNode(Issued, JsonSerializerOptions.Web)!;
        var moved = JsonNode.Parse(golden.ToJsonString().Replace("6.60", "6.6", StringComparison.Ordinal).Replace("\"total\"", "\"sum\"", StringComparison.Ordinal))!;
        Assert.That(Golden.Differs(golden, moved), Is.Not.Null);
    }

    private static TestCaseData Of(string name, object sample) => new TestCaseData(name, sample).SetArgDisplayNames(name);
}

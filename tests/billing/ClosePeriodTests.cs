using Fleet.Billing.Contracts;
using Fleet.Billing.Invoices;
using Fleet.Billing.Meters;
using Fleet.Billing.Series;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class ClosePeriodTests
{
    private static readonly MeterHistory Mono = Metered("dev-1", "mono", Read("2026-10-01", 0), Read("2026-11-01", 333));
    private static readonly Terms Office = Terms(49.90m, Charge("mono", 0, 0.0155m));

    [Test]
    public void A_close_issues_takes_the_next_number_and_marks_the_pages_as_billed()
    {
        var close = Close(Office, Invoice.None, new NumberSeries(41), Mono);

        Assert.That(close.Issued!.Number, Is.EqualTo("northwind-000042"));
        Assert.That(close.Issued.InvoiceId, Is.EqualTo("acme.office.2026-10"));
        Assert.That(close.Issued.Total.Amount, Is.EqualTo(49.90m + 5.16m), "333 × 0.0155 = 5.1615");
        Assert.That(close.Number, Is.EqualTo(new SeriesEvent.NumberGiven(42, "acme.office.2026-10")));
        Assert.That(close.Billed.Single(), Is.EqualTo(new MeterEvent.PagesBilled("dev-1", "mono", "acme.office.2026-10", Mono.Readings[0], Mono.Readings[1], 333)));
    }

    [Test]
    public void A_second_close_writes_nothing_and_answers_with_the_first_invoice()
    {
        var first = Close(Office, Invoice.None, NumberSeries.Empty, Mono);

        var second = Close(Office, new Invoice(first.Issued), new NumberSeries(1), Metered("dev-1", "mono", Read("2026-10-01", 0), Read("2026-11-01", 999_999)));

        Assert.That(second.Issued, Is.SameAs(first.Issued));
        Assert.That((second.Number, second.Billed.Count), Is.EqualTo(((SeriesEvent.NumberGiven?)null, 0)));
    }

    [Test]
    public void Nothing_to_bill_takes_no_number()
    {
        var close = Close(Terms(0m, Charge("mono", 0, 0.01m)), Invoice.None, NumberSeries.Empty, Metered("dev-1", "mono", Read("2026-10-15", 5)));

        Assert.That((close.Issued, close.Number), Is.EqualTo(((InvoiceEvent.InvoiceIssued?)null, (SeriesEvent.NumberGiven?)null)));
        Assert.That(close.Missing.Single().Reason, Is.EqualTo(Missing.OneReading));
    }

    [Test]
    public void Last_months_last_reading_is_this_months_first()
    {
        var september = Close(Office, Invoice.None, NumberSeries.Empty, Mono);
        var meter = september.Billed.Aggregate(Meter.Unread, Meter.Evolve);
        var history = Mono with { Readings = [.. Mono.Readings, Read("2026-12-01", 500)], Billed = meter.Billed };

        var line = ClosePeriod.Decide(Input(Office, [history]) with { Period = new(2026, 11), Before = new(september.Issued) }, Invoice.None, new(1)).Issued!.Lines[1];

        Assert.That((line.First, line.Pages), Is.EqualTo((Mono.Readings[1], (long?)167)));
    }

    [Test]
    public void A_series_that_jumps_is_no_series() =>
        Assert.Throws<InvalidOperationException>(() => NumberSeries.Evolve(new(1), new SeriesEvent.NumberGiven(3, "x")));

    private static Close Close(Terms terms, Invoice invoice, NumberSeries series, params MeterHistory[] meters) => ClosePeriod.Decide(Input(terms, meters), invoice, series);

    private static CloseInput Input(Terms terms, IReadOnlyList<MeterHistory> meters) =>
        new("acme.office", "northwind", terms, Always, October, Invoice.None, meters, "billing", At("2026-11-02"));
}

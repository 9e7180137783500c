using Fleet.Billing.Invoices;
using Fleet.Billing.Meters;
using FsCheck;
using FsCheck.Fluent;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class ConservationTests
{
    [Test]
    public void Billed_and_unbilled_is_counted_under_any_disorder_duplicates_wraps_and_resets() => ForAny((history, books) =>
    {
        var account = Conservation.Of(books.Known);
        Assert.That(account.Faults, Is.Empty);
        Assert.That(account.Epochs.Sum(e => e.Billed) + account.Epochs.Sum(e => e.Unbilled), Is.EqualTo(history.Pages), "what the printer counted");
        Assert.That(books.Known.Billed.Sum(s => s.Pages) + account.LateChanges + account.Epochs.Sum(e => e.Unbilled), Is.EqualTo(history.Pages), "what the invoices say");
    });

    [Test]
    public void Every_invoice_begins_at_the_reading_the_one_before_ended_at() => ForAny((_, books) =>
    {
        var spans = books.Known.Billed;
        Assert.That(spans.Skip(1).Select(s => s.From), Is.EqualTo(spans.SkipLast(1).Select(s => s.To)));
    });

    [Test]
    public void Every_delivery_is_kept_exactly_once() => ForAny((history, books) =>
        Assert.That(books.Known.Readings, Is.EqualTo(history.Counted)));

    [Test]
    public void Lines_are_never_negative_and_totals_are_their_exact_sum() => ForAny((_, books) =>
    {
        foreach (var invoice in books.Invoices)
        {
            Assert.That(invoice.Lines, Has.All.Matches<InvoiceLine>(l => (l.Pages ?? 0) >= 0 && l.Amount.Amount >= 0 && (l.Pages ?? 0) == (l.Included ?? 0) + (l.Billable ?? 0)));
            Assert.That(invoice.Lines.Sum(l => l.Amount.Amount), Is.EqualTo(invoice.Total.Amount));
        }
    });

    [Test]
    public void Numbers_have_no_gaps() => ForAny((_, books) =>
        Assert.That(books.Invoices.Select(i => i.Number), Is.EqualTo(books.Invoices.Select((_, i) => $"northwind-{i + 1:000000}"))));

    private static readonly Reading A = Read("2026-10-01", 100), B = Read("2026-11-01", 300), C = Read("2026-12-01", 450);
    private static readonly MeterHistory Sound = Metered("a", "mono", A, B, C).Billed("october", A, B);

    [Test]
    public void A_sound_meter_holds()
    {
        var account = Conservation.Of(Sound);

        Assert.That(account.Holds);
        Assert.That((account.Epochs.Single().Counted, account.Epochs.Single().Billed, account.Epochs.Single().Unbilled, account.LateChanges), Is.EqualTo((350, 200, 150, 0)));
    }

    [Test]
    public void Pages_billed_twice_are_found() =>
        Assert.That(Conservation.Of(Sound.Billed("again", A, C)).Faults.Single(), Does.Contain("october").And.Contain("again"));

    [Test]
    public void A_bill_on_a_reading_that_is_not_there_is_found() =>
        Assert.That(Conservation.Of(Sound with { Readings = [A, B with { Value = 299 }, C] }).Faults.Single(), Does.Contain(B.Id.ToString()));

    [Test]
    public void A_bill_for_other_pages_than_its_readings_count_shows_as_a_change() =>
        Assert.That(Conservation.Of(Sound with { Billed = [Sound.Billed[0] with { Pages = 201 }] }).LateChanges, Is.EqualTo(-1));

    [Test]
    public void A_late_reading_that_proves_more_pages_shows_as_a_change()
    {
        var meter = Metered("a", "mono", A, Read("2026-10-10", 900), Read("2026-10-11", 0), B).Billed("october", A, B);

        Assert.That(Conservation.Of(meter).LateChanges, Is.EqualTo(800 + 300 - 200));
        Assert.That(Conservation.Of(meter).Holds);
    }

    private static void ForAny(Action<History, Books> holds)
    {
        var steps = ArbMap.Default.GeneratorFor<(byte, byte, byte)>().ArrayOf(120).ToArbitrary();
        foreach (var nearWrap in new[] { false, true })
            Prop.ForAll(steps, all =>
            {
                var (history, books) = (History.Of(nearWrap, all), new Books());
                foreach (var reading in history.Delivered)
                    books.Deliver(reading);
                books.Close();
                holds(history, books);
            }).QuickCheckThrowOnFailure();
    }
}

// POST /billing/runs -> Decide -> streams invoice/{contract}/{period}, meter/…, series/{provider} in one transaction -> Invoices
using Fleet.Billing.Amounts;
using Fleet.Billing.Consents;
using Fleet.Billing.Contracts;
using Fleet.Billing.Meters;
using Fleet.Billing.Series;

namespace Fleet.Billing.Invoices;

/// <summary>Everything a close looks at, as of one moment.</summary>
/// <param name="Consent">When readings may be used for billing.</param>
/// <param name="Before">The invoice of the month before; it decides whether meters go on from an older bill.</param>
public sealed record CloseInput(
    string ContractId, string Provider, Terms Terms, BillingConsent Consent, Period Period, Invoice Before, IReadOnlyList<MeterHistory> Meters, string By, DateTimeOffset At);

/// <summary>What a close writes: all of it or nothing.</summary>
public sealed record Close(InvoiceEvent.InvoiceIssued? Issued, SeriesEvent.NumberGiven? Number, IReadOnlyList<MeterEvent.PagesBilled> Billed, IReadOnlyList<Missing> Missing);

public static class ClosePeriod
{
    /// <summary>Issued is issued: a second close of the same month writes nothing and answers with the first one's invoice.</summary>
    public static Close Decide(CloseInput input, Invoice invoice, NumberSeries series)
    {
        if (invoice.Issued is { } issued)
            return new(issued, null, [], issued.Missing);
        var draft = RatePeriod.Decide(input.Terms, input.Period, WindowOf(input.Terms, input.Period, input.Before),
            input.Meters.Select(m => m.Under(input.Consent)).ToLookup(m => m.DeviceId));
        if (draft.Lines.Count == 0)
            return new(null, null, [], draft.Missing);

        var id = Invoice.IdOf(input.ContractId, input.Period);
        var number = series.Last + 1;
        return new(
            new(id, NumberSeries.Text(input.Provider, number), input.ContractId, input.Terms.Name, input.Provider, input.Period.ToString(), input.Terms.TimeZone,
                input.Terms.BillsFrom(input.Period), input.Period.End(input.Terms.TimeZone), draft.Lines, Total(draft.Lines, input.Terms.Currency), draft.Missing,
                input.By, input.At),
            new(number, id),
            [.. from line in draft.Lines
                where line.Kind == InvoiceLine.PagesKind
                select new MeterEvent.PagesBilled(line.DeviceId!, line.Counter!, id, line.First!, line.Last!, line.Pages!.Value)],
            draft.Missing);
    }

    public static BillingWindow WindowOf(Terms terms, Period period, Invoice before)
    {
        var tolerance = TimeSpan.FromDays(terms.ToleranceDays);
        var from = terms.BillsFrom(period);
        // After a month that was never closed, its pages stay its own: going on from an older bill would put them here.
        var oldest = before.Issued is null ? from : terms.Start;
        return new(from, period.End(terms.TimeZone), tolerance, oldest - tolerance);
    }

    private static Money Total(IReadOnlyList<InvoiceLine> lines, Currency currency) =>
        lines.Aggregate(Money.Zero(currency), (sum, line) => sum + line.Amount);
}

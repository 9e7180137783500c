using System.Globalization;
using Fleet.Billing.Amounts;
using Fleet.Billing.Contracts;
using Fleet.Billing.Meters;

namespace Fleet.Billing.Invoices;

/// <summary>What an invoice would say.</summary>
public sealed record Draft(IReadOnlyList<InvoiceLine> Lines, IReadOnlyList<Missing> Missing);

/// <summary>Terms and meters in, lines out: base fee, then device by device, charge by charge, counter by counter.</summary>
public static class RatePeriod
{
    /// <param name="devices">The tenant's devices that have a meter.</param>
    public static Draft Decide(Terms terms, Period period, BillingWindow window, ILookup<string, MeterHistory> devices)
    {
        var (lines, missing) = (new List<InvoiceLine>(), new List<Missing>());
        if (terms.BaseFee.Amount > 0)
            lines.Add(BaseFee(terms, period));
        foreach (var device in terms.Devices.Among(devices.Select(d => d.Key)))
            foreach (var charge in terms.Charges)
                Add(device, charge, devices[device].ToDictionary(m => m.Counter));
        return new([.. lines.Select((line, i) => line with { Line = i + 1 })], missing);

        void Add(string device, Charge charge, IReadOnlyDictionary<string, MeterHistory> meters)
        {
            var (chosen, why) = Choose(charge, meters, window);
            if (why is not null)
                missing.Add(Missing.Of(device, charge.Counter, why));
            var included = charge.IncludedPages;
            foreach (var (meter, choice) in chosen)
            {
                var line = Pages(terms, charge, meter, choice.First!, choice.Last!, included);
                included -= line.Included!.Value;
                lines.Add(line);
            }
        }
    }

    private static InvoiceLine BaseFee(Terms terms, Period period) => new(
        0, InvoiceLine.BaseFee, $"Base fee {period}", null, null, null, null, null, null, null, null, terms.BaseFee.Amount, terms.BaseFee, null);

    private static InvoiceLine Pages(Terms terms, Charge charge, MeterHistory meter, Reading first, Reading last, long allowance)
    {
        var epochs = Epochs.Of([.. meter.Readings.Where(r => r.ObservedAt >= first.ObservedAt && r.ObservedAt <= last.ObservedAt)]);
        var pages = epochs.Sum(epoch => epoch.Pages);
        var included = Math.Min(pages, allowance);
        return new(
            0, InvoiceLine.PagesKind, Text(charge, meter, pages), meter.DeviceId, charge.Counter, meter.Counter, first, last, pages, included, pages - included,
            charge.PricePerPage, Money.Round((pages - included) * charge.PricePerPage, terms.Currency), Edges(epochs));
    }

    private static string Text(Charge charge, MeterHistory meter, long pages) => string.Create(CultureInfo.InvariantCulture,
        $"{pages} {charge.Counter} pages of {meter.DeviceId}{(meter.Counter == charge.Counter ? "" : $", counted as {meter.Counter}")}");

    private static IReadOnlyList<EpochEdge>? Edges(IReadOnlyList<Epoch> epochs) =>
        epochs.Count < 2 ? null : [.. epochs.Skip(1).Select(e => new EpochEdge(e.StartedBy, e.Before!, e.First, e.First.Value - e.Base))];

    // The preferred way to read that reaches back to the period's start; else the preferred one that gives a line; else why there is none.
    private static (IReadOnlyList<(MeterHistory Meter, ReadingChoice Choice)> Chosen, string? Why) Choose(
        Charge charge, IReadOnlyDictionary<string, MeterHistory> meters, BillingWindow window)
    {
        var counters = meters.Keys.ToHashSet(StringComparer.Ordinal);
        var ways = charge.ReadFrom
            .Select(sum => CounterSum.Parse(sum)!.Among(counters).Select(c => (Meter: meters[c], Choice: ChooseReadings.Decide(meters[c], window))).ToList())
            .Where(way => way.Count > 0).ToList();
        if (meters.Count == 0)
            return ([], Missing.NoReading);
        if (ways.Count == 0)
            // Every printing device counts black pages; not every one has colour, scans or A3.
            return ([], charge.Counter == "mono" ? Missing.NoCounter : null);
        // Another way to read the same pages is no second chance to bill them.
        if (ways.Any(way => way.Any(part => part.Choice.Why == Missing.BilledAlready)))
            return ([], Missing.BilledAlready);

        var usable = ways.Where(way => way.All(part => part.Choice.Why is null)).ToList();
        var best = usable.FirstOrDefault(way => way.All(part => part.Choice.First!.ObservedAt <= window.From)) ?? usable.FirstOrDefault();
        return best is null ? ([], ways[0].First(part => part.Choice.Why is not null).Choice.Why) : (best, null);
    }
}

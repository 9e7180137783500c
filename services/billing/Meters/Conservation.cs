namespace Fleet.Billing.Meters;

/// <summary>The pages of one epoch: every one is billed once or not yet.</summary>
public sealed record EpochAccount(Epoch Epoch, long Counted, long Billed, long Unbilled);

/// <param name="LateChanges">
/// Pages that readings which came after a bill have added to (or, below 0, taken from) what that bill covers: credit and debit notes to be.
/// </param>
/// <param name="Faults">What does not hold, in words; empty is the proof.</param>
public sealed record MeterAccount(IReadOnlyList<EpochAccount> Epochs, long LateChanges, IReadOnlyList<string> Faults)
{
    public bool Holds => Faults.Count == 0;
}

/// <summary>billed + unbilled = counted, per device, counter and epoch; and no page is billed twice.</summary>
public static class Conservation
{
    public static MeterAccount Of(MeterHistory meter)
    {
        var accounts = Epochs.Of(meter.Readings).Select(epoch => Account(epoch, meter)).ToList();
        var covered = meter.Billed.Sum(span => Epochs.Pages(meter.Readings, span.From.ObservedAt, span.To.ObservedAt));
        return new(accounts, covered - meter.Billed.Sum(span => span.Pages), [.. Faults(meter, accounts)]);
    }

    // Counted comes from the epoch's ends alone; billed and unbilled from its single steps. They have no way to agree by construction.
    private static EpochAccount Account(Epoch epoch, MeterHistory meter)
    {
        var steps = Steps(epoch, meter.Readings).ToLookup(step => meter.Billed.Any(span => span.From.ObservedAt <= step.From && step.To <= span.To.ObservedAt));
        return new(epoch, epoch.Pages, Billed: steps[true].Sum(step => step.Pages), Unbilled: steps[false].Sum(step => step.Pages));
    }

    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To, long Pages)> Steps(Epoch epoch, IReadOnlyList<Reading> readings)
    {
        if (epoch.Before is { } before)
            yield return (before.ObservedAt, epoch.First.ObservedAt, epoch.First.Value - epoch.Base);
        var own = readings.Where(r => r.ObservedAt >= epoch.First.ObservedAt && r.ObservedAt <= epoch.Last.ObservedAt).ToList();
        foreach (var (a, b) in own.Zip(own.Skip(1)))
            yield return (a.ObservedAt, b.ObservedAt, b.Value - a.Value);
    }

    private static IEnumerable<string> Faults(MeterHistory meter, IReadOnlyList<EpochAccount> accounts)
    {
        foreach (var account in accounts.Where(a => a.Billed + a.Unbilled != a.Counted))
            yield return $"epoch from {account.Epoch.First.ObservedAt:O}: billed {account.Billed} + unbilled {account.Unbilled} is not counted {account.Counted}";
        foreach (var (a, b) in meter.Billed.Zip(meter.Billed.Skip(1)).Where(pair => pair.Second.From.ObservedAt < pair.First.To.ObservedAt))
            yield return $"{a.InvoiceId} and {b.InvoiceId} bill the same pages before {a.To.ObservedAt:O}";
        foreach (var span in meter.Billed)
            foreach (var end in new[] { span.From, span.To }.Where(end => !meter.Readings.Contains(end)))
                yield return $"{span.InvoiceId} stands on reading {end.Id}, which the meter does not have";
        foreach (var span in meter.Billed.Where(span => span.Pages < 0))
            yield return $"{span.InvoiceId} bills {span.Pages} pages";
    }
}

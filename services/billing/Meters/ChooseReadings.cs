using Fleet.Billing.Consents;

namespace Fleet.Billing.Meters;

/// <summary>What is known of one meter: its readings and bills in the order of observation.</summary>
/// <param name="Withheld">Further readings are known, but were taken without a consent to bill them.</param>
public sealed record MeterHistory(
    string DeviceId, string Counter, IReadOnlyList<Reading> Readings, IReadOnlyList<BilledSpan> Billed, bool Withheld = false)
{
    /// <summary>Only what may be billed.</summary>
    public MeterHistory Under(BillingConsent consent) =>
        Readings.All(r => consent.Covers(r.ObservedAt)) ? this : this with { Readings = [.. Readings.Where(r => consent.Covers(r.ObservedAt))], Withheld = true };
}

/// <summary>From when to when a contract bills, as instants.</summary>
/// <param name="From">The period's start, or the contract's when that is later.</param>
/// <param name="To">The period's end; a reading taken exactly then still belongs to it, and starts the next.</param>
/// <param name="Oldest">A meter billed before goes on from its last billed reading, when that is not older than this.</param>
public sealed record BillingWindow(DateTimeOffset From, DateTimeOffset To, TimeSpan Tolerance, DateTimeOffset Oldest);

/// <summary>The two readings of a line, or why there are none.</summary>
/// <param name="Why">Null when both are there; else one of <see cref="Missing"/>'s reasons.</param>
public sealed record ReadingChoice(Reading? First, Reading? Last, string? Why)
{
    public static ReadingChoice None(string why) => new(null, null, why);
}

/// <summary>Which readings a line stands on. Nothing here guesses: without two readings there is no line.</summary>
public static class ChooseReadings
{
    public static ReadingChoice Decide(MeterHistory meter, BillingWindow window)
    {
        var choice = Choose(meter, window);
        return meter.Withheld && choice.Why is (Missing.NoReading or Missing.OneReading) ? ReadingChoice.None(Missing.NoConsent) : choice;
    }

    private static ReadingChoice Choose(MeterHistory meter, BillingWindow window)
    {
        if (meter.Readings.LastOrDefault(r => r.ObservedAt <= window.To) is not { } newest)
            return ReadingChoice.None(Missing.NoReading);

        // A later period may be billed already; then this one ends where that begins.
        var later = meter.Billed.FirstOrDefault(span => span.From.ObservedAt < newest.ObservedAt && span.To.ObservedAt > newest.ObservedAt);
        var last = later?.From ?? newest;
        var before = meter.Billed.LastOrDefault(span => span.To.ObservedAt <= last.ObservedAt);
        if (later?.From.ObservedAt <= window.From)
            return ReadingChoice.None(Missing.BilledAlready);
        if (before?.To.ObservedAt == last.ObservedAt)
            return ReadingChoice.None(last.ObservedAt > window.From ? Missing.BilledAlready : Missing.NoReading);

        var first = GoesOn(before, window) ?? AtStart(meter, window) ?? FirstWithin(meter, window);
        return first?.ObservedAt < last.ObservedAt ? new(first, last, null)
            : ReadingChoice.None(first is null || last.ObservedAt <= window.From ? Missing.NoReading : Missing.OneReading);
    }

    // Where the last bill ended the next one begins, also when a reading nearer to the bound came late or a month had none:
    // so no page is billed twice, and none is lost in between.
    private static Reading? GoesOn(BilledSpan? before, BillingWindow window) =>
        before is not null && (before.To.ObservedAt >= window.Oldest || before.To.ObservedAt >= window.From) ? before.To : null;

    private static Reading? AtStart(MeterHistory meter, BillingWindow window) =>
        meter.Readings.LastOrDefault(r => r.ObservedAt <= window.From && r.ObservedAt >= window.From - window.Tolerance);

    // A device that is new, or was away for longer than the tolerance: what it counted before is not of this period.
    private static Reading? FirstWithin(MeterHistory meter, BillingWindow window) =>
        meter.Readings.FirstOrDefault(r => r.ObservedAt > window.From);
}

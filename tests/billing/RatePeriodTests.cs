using Fleet.Billing.Contracts;
using Fleet.Billing.Invoices;
using Fleet.Billing.Meters;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class RatePeriodTests
{
    private static readonly Terms Office = Terms(49.90m, Charge("mono", 1000, 0.0079m), Charge("color", 0, 0.065m));

    /// <summary>
    /// By hand: 3,457 mono, 2,457 beyond the included 1,000, at 0.0079 = 19.4103, so 19.41; 312 colour at 0.065 = 20.28. The second device
    /// counts per function: 600 printed (all included) and 600 copied (400 included), so 200 at 0.0079 = 1.58.
    /// 49.90 + 19.41 + 20.28 + 0.00 + 1.58 = 91.17.
    /// </summary>
    [Test]
    public void A_month_of_two_devices_calculated_by_hand()
    {
        var draft = Rate(Office,
            Metered("dev-1", "mono", Read("2026-10-01", 10_000), Read("2026-11-01", 13_457)),
            Metered("dev-1", "color", Read("2026-10-01", 500), Read("2026-11-01", 812)),
            Metered("dev-2", "print.mono", Read("2026-10-01", 100), Read("2026-11-01", 700)),
            Metered("dev-2", "copy.mono", Read("2026-10-01", 50), Read("2026-11-01", 650)),
            Metered("dev-2", "total", Read("2026-10-01", 150), Read("2026-11-01", 1_350)));

        Assert.That(draft.Lines.Select(Short), Is.EqualTo(new[]
        {
            "1      × 49.90 = 49.90 EUR",
            "2 dev-1 mono 3457 1000 2457 × 0.0079 = 19.41 EUR",
            "3 dev-1 color 312 0 312 × 0.065 = 20.28 EUR",
            "4 dev-2 print.mono 600 600 0 × 0.0079 = 0.00 EUR",
            "5 dev-2 copy.mono 600 400 200 × 0.0079 = 1.58 EUR",
        }));
        Assert.That(draft.Lines.Sum(l => l.Amount.Amount), Is.EqualTo(91.17m));
        Assert.That(draft.Missing, Is.Empty, "a device without colour lacks nothing");
    }

    [Test]
    public void A_line_names_the_readings_it_stands_on()
    {
        var (first, last) = (Read("2026-10-01", 10_000), Read("2026-10-31T23:00", 13_457));

        var line = Rate(Office, Metered("dev-1", "mono", first, last)).Lines[1];

        Assert.That((line.First, line.Last), Is.EqualTo((first, last)));
        Assert.That(line.Edges, Is.Null);
    }

    [Test]
    public void A_reset_within_the_month_is_shown_and_bills_only_what_is_proven()
    {
        var draft = Rate(Office, Metered("dev-1", "mono", Read("2026-10-01", 5_000), Read("2026-10-10", 7_000), Read("2026-10-11", 10), Read("2026-11-01", 110)));

        Assert.That(draft.Lines[1].Pages, Is.EqualTo(2_100));
        Assert.That(draft.Lines[1].Edges!.Single(), Is.EqualTo(new EpochEdge(EpochStart.Reset, Read("2026-10-10", 7_000), Read("2026-10-11", 10), 0)));
    }

    [Test]
    public void A_total_is_billed_as_mono_only_where_the_contract_says_so()
    {
        var meter = Metered("dev-1", "total", Read("2026-10-01", 0), Read("2026-11-01", 100));

        var (silent, signed) = (Rate(Office, meter), Rate(Terms(0m, Charge("mono", 0, 0.01m, "mono", "total")), meter));

        Assert.That(silent.Missing.Single(), Is.EqualTo(Missing.Of("dev-1", "mono", Missing.NoCounter)));
        Assert.That(signed.Lines.Single().Counter, Is.EqualTo("total"));
    }

    [Test]
    public void The_way_to_read_that_reaches_back_to_the_start_is_preferred()
    {
        // The profile learned of `mono` on the 15th; until then the parts are the only witnesses.
        var draft = Rate(Terms(0m, Charge("mono", 0, 0.01m)),
            Metered("dev-1", "mono", Read("2026-10-15", 500), Read("2026-11-01", 900)),
            Metered("dev-1", "print.mono", Read("2026-10-01", 0), Read("2026-11-01", 900)));

        Assert.That(draft.Lines.Select(l => (l.Counter, l.Pages)), Is.EqualTo(new[] { ("print.mono", (long?)900) }));
    }

    [Test]
    public void Pages_billed_elsewhere_have_no_second_way_onto_an_invoice()
    {
        var (first, last) = (Read("2026-10-01", 0), Read("2026-11-01", 900));

        var draft = Rate(Terms(0m, Charge("mono", 0, 0.01m)), Metered("dev-1", "mono", first, last).Billed("other", first, last), Metered("dev-1", "print.mono", first, last));

        Assert.That(draft.Lines, Is.Empty);
        Assert.That(draft.Missing.Single().Reason, Is.EqualTo(Missing.BilledAlready));
    }

    [Test]
    public void A_listed_device_never_heard_of_is_missing_and_others_are_not_billed()
    {
        var draft = Rate(Office with { Devices = new(["ghost"]) }, Metered("dev-1", "mono", Read("2026-10-01", 0), Read("2026-11-01", 100)));

        Assert.That(draft.Lines.Select(l => l.Kind), Is.EqualTo([InvoiceLine.BaseFee]));
        Assert.That(draft.Missing.Select(m => (m.DeviceId, m.Counter, m.Reason)), Is.EqualTo([("ghost", "mono", Missing.NoReading), ("ghost", "color", Missing.NoReading)]));
    }

    private static string Short(InvoiceLine l) => FormattableString.Invariant(
        $"{l.Line} {l.DeviceId} {l.Counter} {l.Pages} {l.Included} {l.Billable} × {l.Rate} = {l.Amount}");

    private static Draft Rate(Terms terms, params MeterHistory[] meters) =>
        RatePeriod.Decide(terms, October, ClosePeriod.WindowOf(terms, October, Invoice.None), meters.ToLookup(m => m.DeviceId));
}

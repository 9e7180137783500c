using Fleet.Billing.Meters;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class ChooseReadingsTests
{
    private static readonly Reading
        Late = Read("2026-09-20", 900), Start = Read("2026-10-01", 1000), Mid = Read("2026-10-15", 1500), End = Read("2026-11-01", 2000), After = Read("2026-12-01", 3000);

    [Test]
    public void A_reading_exactly_at_a_bound_ends_one_period_and_starts_the_next()
    {
        var meter = Metered("a", "mono", Late, Start, Mid, End, After);

        Assert.That(Choose(meter), Is.EqualTo(new ReadingChoice(Start, End, null)));
        Assert.That(Choose(meter, "2026-11-01", "2026-12-01"), Is.EqualTo(new ReadingChoice(End, After, null)));
    }

    [Test]
    public void The_start_is_the_closest_reading_not_after_it_within_the_tolerance()
    {
        var near = Read("2026-09-29", 980);

        Assert.That(Choose(Metered("a", "mono", Read("2026-09-27", 970), near, Mid, End)).First, Is.EqualTo(near));
    }

    [Test]
    public void A_start_older_than_the_tolerance_is_none_and_the_first_reading_within_the_period_is() =>
        Assert.That(Choose(Metered("a", "mono", Late, Mid, End)), Is.EqualTo(new ReadingChoice(Mid, End, null)));

    [Test]
    public void A_meter_goes_on_where_its_last_bill_ended_even_if_a_nearer_reading_came_late()
    {
        var (billedTo, cameLate) = (Read("2026-09-30", 990), Read("2026-09-30T23:00", 995));
        var meter = Metered("a", "mono", Late, billedTo, cameLate, Mid, End).Billed("september", Late, billedTo);

        Assert.That(Choose(meter).First, Is.EqualTo(billedTo));
    }

    [Test]
    public void A_device_missing_for_a_closed_month_is_billed_by_the_next_one()
    {
        var july = Read("2026-08-01", 700);
        var meter = Metered("a", "mono", july, Mid, End).Billed("july", Read("2026-07-01", 600), july);

        Assert.That(Choose(meter, oldest: "2026-01-01").First, Is.EqualTo(july));
        Assert.That(Choose(meter).First, Is.EqualTo(Mid), "its twin: the month between was never closed, its pages stay its own");
    }

    [Test]
    public void A_month_closed_after_a_later_one_ends_where_that_begins()
    {
        var begin = Read("2026-10-30", 1900);
        var meter = Metered("a", "mono", Start, begin, End, After).Billed("november", begin, After);

        Assert.That(Choose(meter), Is.EqualTo(new ReadingChoice(Start, begin, null)));
    }

    [Test]
    public void What_another_invoice_took_is_not_taken_again()
    {
        var meter = Metered("a", "mono", Start, Mid, End).Billed("other", Start, End);

        Assert.That(Choose(meter).Why, Is.EqualTo(Missing.BilledAlready));
    }

    [Test]
    public void A_device_silent_since_its_last_bill_has_no_reading() =>
        Assert.That(Choose(Metered("a", "mono", Late, Start).Billed("september", Late, Start), oldest: "2026-01-01").Why, Is.EqualTo(Missing.NoReading));

    [Test]
    public void A_device_never_read_in_time_has_no_reading() => Assert.That(Choose(Metered("a", "mono", After)).Why, Is.EqualTo(Missing.NoReading));

    [Test]
    public void One_reading_is_no_usage() => Assert.That(Choose(Metered("a", "mono", Mid)).Why, Is.EqualTo(Missing.OneReading));

    private static ReadingChoice Choose(MeterHistory meter, string from = "2026-10-01", string to = "2026-11-01", string? oldest = null) =>
        ChooseReadings.Decide(meter, new(At(from), At(to), TimeSpan.FromDays(5), oldest is null ? At(from).AddDays(-5) : At(oldest)));
}

using Fleet.Billing.Contracts;
using static Fleet.Billing.Tests.Given;

namespace Fleet.Billing.Tests;

public class PeriodTests
{
    [Test]
    public void October_in_Berlin_begins_in_summer_time_and_ends_in_winter_time()
    {
        Assert.That(October.Start("Europe/Berlin"), Is.EqualTo(At("2026-09-30T22:00")));
        Assert.That(October.End("Europe/Berlin"), Is.EqualTo(At("2026-10-31T23:00")));
    }

    [Test]
    public void One_period_ends_exactly_where_the_next_begins() =>
        Assert.That(October.End("America/New_York"), Is.EqualTo(new Period(2026, 11).Start("America/New_York")));

    [Test]
    public void The_month_before_January_is_last_December() => Assert.That(new Period(2026, 1).Before, Is.EqualTo(new Period(2025, 12)));

    [TestCase("2026-10", true)]
    [TestCase("2026-13", false)]
    [TestCase("2026-1", false)]
    [TestCase(" 2026-10", false)]
    [TestCase("2026-10\n", false)]
    public void A_period_is_a_year_and_a_month(string text, bool isOne) => Assert.That(Period.Parse(text) is not null, Is.EqualTo(isOne));

    [Test]
    public void A_contract_that_starts_within_the_month_bills_from_its_first_day()
    {
        var terms = Terms(10m) with { StartsOn = new(2026, 10, 15), TimeZone = "Europe/Berlin" };

        Assert.That(terms.BillsFrom(October), Is.EqualTo(At("2026-10-14T22:00")));
        Assert.That(terms.IsBilledIn(October), Is.True);
        Assert.That(terms.IsBilledIn(October.Before), Is.False);
    }
}

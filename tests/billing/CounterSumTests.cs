using Fleet.Billing.Contracts;

namespace Fleet.Billing.Tests;

public class CounterSumTests
{
    [Test]
    public void A_vendor_that_counts_per_function_is_read_from_the_parts() =>
        Assert.That(Among("print.mono+copy.mono+fax.mono+fax", "total", "print.mono", "copy.mono", "print.color"), Is.EqualTo(["print.mono", "copy.mono"]));

    [Test]
    public void A_count_is_not_read_beside_its_own_part() =>
        Assert.That(Among("print.mono+copy.mono+fax.mono+fax", "print.mono", "fax", "fax.mono"), Is.EqualTo(["print.mono", "fax.mono"]));

    [Test]
    public void A_sum_whose_first_counter_is_not_there_is_for_other_devices() =>
        Assert.That(Among("print.mono+copy.mono", "copy.mono", "total"), Is.Empty);

    [TestCase("color")]
    [TestCase("print.color")]
    public void A_total_is_no_fall_back_beside_a_colour_counter(string color) => Assert.That(Among("total", "total", color), Is.Empty);

    [Test]
    public void A_total_is_one_on_a_black_device() => Assert.That(Among("total", "total", "life"), Is.EqualTo(["total"]));

    [Test]
    public void Nothing_usual_reads_total_or_life() =>
        Assert.That(CounterSum.Usual("mono").Concat(CounterSum.Usual("color")), Has.None.Contains("total").And.None.Contains("life"));

    [TestCase("")]
    [TestCase("mono+")]
    [TestCase("mono+mono")]
    [TestCase("mono-color")]
    public void What_is_no_sum_of_counters_is_none(string text) =>
        Assert.That(CounterSum.Parse(text) is null, Is.EqualTo(text != "mono-color"), "a dash is a letter of a counter's name, not a minus");

    private static IReadOnlyList<string> Among(string sum, params string[] counters) => CounterSum.Parse(sum)!.Among(counters.ToHashSet());
}

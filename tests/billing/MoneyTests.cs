using Fleet.Billing.Amounts;

namespace Fleet.Billing.Tests;

public class MoneyTests
{
    [TestCase("EUR", "0.125", "0.13 EUR")]
    [TestCase("EUR", "0.135", "0.14 EUR")]
    [TestCase("EUR", "0.1249999999", "0.12 EUR")]
    [TestCase("EUR", "-0.125", "-0.13 EUR")]
    [TestCase("JPY", "10.5", "11 JPY")]
    [TestCase("KWD", "0.0005", "0.001 KWD")]
    public void Halves_round_away_from_zero_to_minor_units(string code, string exact, string rounded) =>
        Assert.That(Money.Round(decimal.Parse(exact, System.Globalization.CultureInfo.InvariantCulture), Currency.Of(code)).ToString(), Is.EqualTo(rounded));

    [Test]
    public void Amounts_are_written_with_all_minor_units() =>
        Assert.That(new Money(10m, Currency.Of("EUR")).ToString(), Is.EqualTo("10.00 EUR"));

    [Test]
    public void An_amount_finer_than_can_be_paid_is_none() =>
        Assert.Throws<ArgumentException>(() => new Money(0.005m, Currency.Of("EUR")));

    [Test]
    public void Two_currencies_never_add_up() =>
        Assert.Throws<InvalidOperationException>(() => _ = new Money(1m, Currency.Of("EUR")) + new Money(1m, Currency.Of("CHF")));

    [TestCase("EUR", 2)]
    [TestCase("JPY", 0)]
    [TestCase("KWD", 3)]
    public void Minor_units_are_those_of_ISO_4217(string code, int units) => Assert.That(Currency.Of(code).MinorUnits, Is.EqualTo(units));

    [TestCase("eur")]
    [TestCase("DEM")]
    [TestCase("")]
    public void What_ISO_4217_does_not_list_is_no_currency(string code) => Assert.That(Currency.TryOf(code, out _), Is.False);
}

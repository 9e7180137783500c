using System.Globalization;

namespace Fleet.Billing.Amounts;

/// <summary>An amount that can be paid: never finer than its currency's minor units, always written with all of them (<c>10.00</c>).</summary>
public sealed record Money(decimal Amount, Currency Currency)
{
    public decimal Amount { get; } = IsPayable(Amount, Currency)
        ? Amount + Zeros(Currency)
        : throw new ArgumentException($"{Amount} is finer than {Currency} can be paid");

    /// <summary>
    /// The one rounding of this service, on line amounts: half away from zero to minor units, as EN 16931 rounds (BR-DEC-23).
    /// Sums are sums of rounded lines and are never rounded again.
    /// </summary>
    public static Money Round(decimal exact, Currency currency) =>
        new(Math.Round(exact, currency.MinorUnits, MidpointRounding.AwayFromZero), currency);

    public static Money Zero(Currency currency) => new(0, currency);

    public static bool IsPayable(decimal amount, Currency currency) => decimal.Round(amount, currency.MinorUnits) == amount;

    /// <exception cref="InvalidOperationException">The currencies differ: there is no exchange here.</exception>
    public static Money operator +(Money a, Money b) => a.Currency == b.Currency
        ? new(a.Amount + b.Amount, a.Currency)
        : throw new InvalidOperationException($"{a} and {b} cannot be added");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency}");

    // 0.00 for two minor units: adding it gives a decimal its trailing zeros.
    private static decimal Zeros(Currency currency) => new(0, 0, 0, false, (byte)currency.MinorUnits);
}

using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fleet.Billing.Amounts;

/// <summary>A currency of ISO 4217 (list one, funds and metals left out) with its minor units: EUR 2, JPY 0, KWD 3.</summary>
[JsonConverter(typeof(CurrencyJson))]
public sealed record Currency
{
    private const string Whole = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF";
    private const string Thousandths = "BHD IQD JOD KWD LYD OMR TND";

    private const string Hundredths =
        """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD
        EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
        MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR
        SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
        """;

    private static readonly Dictionary<string, Currency> All =
        new[] { (Whole, 0), (Hundredths, 2), (Thousandths, 3) }
            .SelectMany(group => group.Item1.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Select(code => new Currency(code, group.Item2)))
            .ToDictionary(currency => currency.Code, StringComparer.Ordinal);

    private Currency(string code, int minorUnits) => (Code, MinorUnits) = (code, minorUnits);

    public string Code { get; }

    /// <summary>Decimals of the smallest amount that can be paid.</summary>
    public int MinorUnits { get; }

    public static bool TryOf(string? code, [NotNullWhen(true)] out Currency? currency) => All.TryGetValue(code ?? "", out currency);

    /// <exception cref="FormatException">The code is not an active currency of ISO 4217.</exception>
    public static Currency Of(string code) => TryOf(code, out var currency) ? currency : throw new FormatException($"'{code}' is no currency of ISO 4217");

    public override string ToString() => Code;
}

/// <summary>A currency is its code: <c>"EUR"</c>.</summary>
public sealed class CurrencyJson : JsonConverter<Currency>
{
    public override Currency Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Currency.TryOf(reader.GetString(), out var currency) ? currency : throw new JsonException($"'{reader.GetString()}' is no currency of ISO 4217");

    public override void Write(Utf8JsonWriter writer, Currency value, JsonSerializerOptions options) => writer.WriteStringValue(value.Code);
}

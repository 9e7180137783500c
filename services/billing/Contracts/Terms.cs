using System.Text.Json;
using System.Text.Json.Serialization;
using Fleet.Billing.Amounts;
using Fleet.Defaults;

namespace Fleet.Billing.Contracts;

/// <summary>What both sides signed. In this slice terms do not change, and every cycle is a calendar month.</summary>
/// <param name="TimeZone">IANA name; the month begins and ends there.</param>
/// <param name="StartsOn">First billed day. The base fee of a month that begins earlier is charged in full: nothing prorates yet.</param>
/// <param name="BaseFee">Per contract and month.</param>
/// <param name="ToleranceDays">How old the first start reading of a meter may be at the period's start.</param>
public sealed record Terms(
    string Name,
    Currency Currency,
    string TimeZone,
    DateOnly StartsOn,
    Money BaseFee,
    IReadOnlyList<Charge> Charges,
    DeviceScope Devices,
    int ToleranceDays)
{
    /// <summary>The instant from which pages of a period are this contract's.</summary>
    public DateTimeOffset BillsFrom(Period period)
    {
        var month = period.Start(TimeZone);
        return month > Start ? month : Start;
    }

    /// <summary>Whether both say the same, list by list.</summary>
    public bool Says(Terms other) => JsonSerializer.Serialize(this) == JsonSerializer.Serialize(other);

    public DateTimeOffset Ends(Period period) => period.End(TimeZone);

    public bool IsBilledIn(Period period) => Start < Ends(period);

    /// <summary>The contract's first instant.</summary>
    [JsonIgnore]
    public DateTimeOffset Start => Period.StartOfDay(NodaTime.LocalDate.FromDateOnly(StartsOn), TimeZone);
}

/// <summary>Pages of one kind at one price.</summary>
/// <param name="Counter">What the pages are called on the invoice: <c>mono</c>, <c>color</c>, <c>scan</c>.</param>
/// <param name="IncludedPages">Free pages per device and month; what is left over is lost (pools come later).</param>
/// <param name="PricePerPage">In the contract's currency, up to 6 decimals; never negative.</param>
/// <param name="ReadFrom">
/// The device counters that count these pages: alternatives, the preferred first, each one counter or a sum:
/// <c>["mono", "print.mono+copy.mono+fax.mono+fax"]</c>.
/// </param>
public sealed record Charge(string Counter, long IncludedPages, decimal PricePerPage, IReadOnlyList<string> ReadFrom);

/// <summary>The devices a contract covers: all of the tenant's, also those to come, or a list.</summary>
/// <param name="Only">Null for all.</param>
[JsonConverter(typeof(DeviceScopeJson))]
[Schema(Json = """{ "oneOf": [{ "type": "string", "const": "all" }, { "type": "array", "items": { "type": "string" } }] }""")]
public sealed record DeviceScope(IReadOnlyList<string>? Only)
{
    public static readonly DeviceScope All = new((IReadOnlyList<string>?)null);

    /// <summary>The covered ones of the devices known, and the listed ones not known yet.</summary>
    public IEnumerable<string> Among(IEnumerable<string> known) => (Only ?? known).Distinct().Order(StringComparer.Ordinal);
}

/// <summary><c>"all"</c> or <c>["device-1", "device-2"]</c>.</summary>
public sealed class DeviceScopeJson : JsonConverter<DeviceScope>
{
    public override DeviceScope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.String when reader.ValueTextEquals("all") => DeviceScope.All,
        JsonTokenType.StartArray => new(JsonSerializer.Deserialize<List<string>>(ref reader, options)),
        _ => throw new JsonException("devices is \"all\" or a list of device ids"),
    };

    public override void Write(Utf8JsonWriter writer, DeviceScope value, JsonSerializerOptions options)
    {
        if (value.Only is null)
            writer.WriteStringValue("all");
        else
            JsonSerializer.Serialize(writer, value.Only, options);
    }
}

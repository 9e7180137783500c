using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>
/// What a capture should read as: a reading's JSON with whatever members matter. A member that is not there is not looked at; a list is looked at whole.
/// A text <c>@OID</c> stands for what the capture holds there, <c>@OID~</c> for a part of it, so that a serial number need not be written down a second time.
/// </summary>
public static class Expectation
{
    public static readonly JsonSerializerOptions Json = new(Shown()) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>A line for each value that is not as expected.</summary>
    public static IReadOnlyList<string> Differences(JsonNode? expected, PrinterReading found, Capture capture) =>
        [.. Differences(expected, JsonSerializer.SerializeToNode(found, ReadingJson.Short.PrinterReading), capture, "")];

    private static IEnumerable<string> Differences(JsonNode? expected, JsonNode? found, Capture capture, string place) => (expected, found) switch
    {
        (JsonObject wanted, JsonObject has) => wanted.SelectMany(one => Differences(one.Value, has[one.Key], capture, JsonPlaces.Join(place, one.Key))),
        (JsonArray wanted, JsonArray has) when wanted.Count == has.Count => wanted.SelectMany((one, at) => Differences(one, has[at], capture, string.Create(CultureInfo.InvariantCulture, $"{place}[{at}]"))),
        (JsonArray wanted, JsonArray has) => [string.Create(CultureInfo.InvariantCulture, $"{place}: {wanted.Count} expected, {has.Count} found")],
        (JsonArray { Count: 0 }, null) or (null, JsonArray { Count: 0 }) => [],
        (JsonValue wanted, JsonValue has) when wanted.GetValueKind() is JsonValueKind.String && wanted.GetValue<string>() is ['@', .. var oid] =>
            capture.Says(oid, has.ToString()) ? [] : [$"{place}: what the capture holds at {oid.TrimEnd('~')} expected, another text found"],
        _ when JsonNode.DeepEquals(expected, found) || Same(expected, found) => [],
        _ => [$"{place}: {Shown(expected)} expected, {Shown(found)} found"]
    };

    /// <summary>Names of enumerations, not their numbers; nothing escaped that need not be; also what is null.</summary>
    internal static JsonSerializerOptions Shown() => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter<SnmpOutcome>() }
    };

    // 50 and 50.0 are one number.
    private static bool Same(JsonNode? expected, JsonNode? found) =>
        expected is JsonValue wanted && found is JsonValue has && wanted.GetValueKind() is JsonValueKind.Number && has.GetValueKind() is JsonValueKind.Number
        && decimal.Parse(wanted.ToJsonString(), CultureInfo.InvariantCulture) == decimal.Parse(has.ToJsonString(), CultureInfo.InvariantCulture);

    private static string Shown(JsonNode? node) => node?.ToJsonString(new(Json) { WriteIndented = false }) ?? "nothing";
}

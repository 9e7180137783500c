using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Fleet.Printers;

/// <summary>
/// JSON Schema 2020-12 as far as <c>profile.schema.json</c> goes: type, properties, required, additionalProperties (false), items, $ref into $defs, enum, pattern, minimum,
/// minItems, maxItems, minProperties, maxProperties, oneOf of required. A keyword beyond these throws, so that the schema cannot ask what nobody checks.
/// </summary>
internal sealed class SchemaCheck(JsonElement schema)
{
    private static readonly HashSet<string> Remarks = ["$schema", "$defs", "title", "description"];

    /// <summary>Place and reason of everything that does not hold, in the order of the text.</summary>
    public IEnumerable<(string Place, string Why)> Faults(JsonElement json) => Faults(schema, json, "");

    private IEnumerable<(string Place, string Why)> Faults(JsonElement rule, JsonElement json, string place)
    {
        if (rule.TryGetProperty("type", out var type) && !Is(json, type.GetString()!))
        {
            yield return (place, $"is no {type}");
            yield break;
        }
        foreach (var keyword in rule.EnumerateObject())
            foreach (var fault in Keyword(rule, keyword, json, place)) yield return fault;
    }

    private IEnumerable<(string Place, string Why)> Keyword(JsonElement rule, JsonProperty keyword, JsonElement json, string place) => keyword.Name switch
    {
        "type" => [],
        var remark when Remarks.Contains(remark) => [],
        "$ref" => Faults(schema.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), json, place),
        "properties" => Members(json).Where(one => keyword.Value.TryGetProperty(one.Name, out _)).SelectMany(one => Faults(keyword.Value.GetProperty(one.Name), one.Value, JsonPlaces.Join(place, one.Name))),
        "additionalProperties" => Members(json).Where(one => !rule.GetProperty("properties").TryGetProperty(one.Name, out _)).Select(one => (JsonPlaces.Join(place, one.Name), "is no member a profile has")),
        "required" => Strings(keyword.Value).Where(name => !json.TryGetProperty(name, out _)).Select(name => (place, $"lacks '{name}'")),
        "items" => json.EnumerateArray().SelectMany((item, at) => Faults(keyword.Value, item, string.Create(CultureInfo.InvariantCulture, $"{place}[{at}]"))),
        "enum" => When(!Strings(keyword.Value).Contains(json.GetString()), place, $"'{json}' is none of {string.Join(", ", Strings(keyword.Value))}"),
        "pattern" => When(!Regex.IsMatch(json.GetString()!, keyword.Value.GetString()!), place, $"'{json}' does not look like {keyword.Value}"),
        "minimum" => When(json.GetDecimal() < keyword.Value.GetDecimal(), place, $"{json} is less than {keyword.Value}"),
        "maximum" => When(json.GetDecimal() > keyword.Value.GetDecimal(), place, $"{json} is more than {keyword.Value}"),
        "minItems" => When(json.GetArrayLength() < keyword.Value.GetInt32(), place, $"has fewer than {keyword.Value} items"),
        "maxItems" => When(json.GetArrayLength() > keyword.Value.GetInt32(), place, $"has more than {keyword.Value} items"),
        "minProperties" => When(Members(json).Count() < keyword.Value.GetInt32(), place, $"says nothing; it may have {Known(rule)}"),
        "maxProperties" => When(Members(json).Count() > keyword.Value.GetInt32(), place, $"has more than {keyword.Value} of {Known(rule)}"),
        "oneOf" => When(keyword.Value.EnumerateArray().Count(way => Strings(way.GetProperty("required")).All(name => json.TryGetProperty(name, out _))) != 1, place,
            $"needs exactly one of {string.Join(", ", keyword.Value.EnumerateArray().SelectMany(way => Strings(way.GetProperty("required"))))}"),
        var other => throw new NotSupportedException($"Nobody checks the schema's '{other}'")
    };

    private static IEnumerable<(string, string)> When(bool fault, string place, string why) => fault ? [(place, why)] : [];

    private static bool Is(JsonElement json, string type) => type switch
    {
        "object" => json.ValueKind is JsonValueKind.Object,
        "array" => json.ValueKind is JsonValueKind.Array,
        "string" => json.ValueKind is JsonValueKind.String,
        "integer" => json.ValueKind is JsonValueKind.Number && json.TryGetInt64(out _),
        "boolean" => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => throw new NotSupportedException($"Nobody checks the schema's type '{type}'")
    };

    private static IEnumerable<JsonProperty> Members(JsonElement json) => json.EnumerateObject();

    private static IEnumerable<string> Strings(JsonElement array) => array.EnumerateArray().Select(item => item.GetString()!);

    private static string Known(JsonElement rule) => string.Join(", ", Members(rule.GetProperty("properties")).Select(one => one.Name));
}

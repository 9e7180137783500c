using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>A profile that cannot be used; the message is <c>file:line: member: reason</c>.</summary>
public sealed class ProfileException(string file, int line, string member, string reason)
    : Exception(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file}:{line}: {(member.Length == 0 ? "" : member + ": ")}{reason}"));

// bytes -> JSON with places -> schema -> Profile -> what no schema can say -> Profile, or the first fault by file, line and member
/// <summary>Reads a profile strictly: what the schema does not allow, bad patterns and forbidden objects are refused.</summary>
public static class ProfileJson
{
    private static readonly SchemaCheck Schema = new(JsonDocument.Parse(Resource("profile.schema.json")).RootElement);

    internal static readonly RulesJson Rules = new(new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNameCaseInsensitive = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new OidConverter(), new RegexConverter() }
    });

    /// <param name="file">For the message.</param>
    /// <exception cref="ProfileException">Something in it is wrong.</exception>
    public static Profile Read(ReadOnlyMemory<byte> json, string file)
    {
        if (json.Span.StartsWith<byte>([0xef, 0xbb, 0xbf])) json = json[3..];       // how some editors begin UTF-8
        try
        {
            var places = JsonPlaces.Of(json.Span);
            using var document = JsonDocument.Parse(json, new() { CommentHandling = JsonCommentHandling.Skip });
            foreach (var place in places.Doubled) throw Fault(place, "is said twice");
            foreach (var (place, why) in Schema.Faults(document.RootElement)) throw Fault(place, why);
            foreach (var (place, text) in Patterns(document.RootElement, "")) if (Regexes.Wrong(text) is { } why) throw Fault(place, why);
            var profile = document.RootElement.Deserialize(Rules.Profile)!;
            foreach (var (place, oid) in Oids(document.RootElement, ""))
                if (Forbidden.Covers(oid)) throw Fault(place, $"{oid} is console text, jobs or users and never asked");
            return profile;

            ProfileException Fault(string place, string why) => new(file, places.Line(place), place, why);
        }
        catch (JsonException wrong)
        {
            throw new ProfileException(file, (int)(wrong.LineNumber ?? 0) + 1, wrong.Path?.TrimStart('$', '.') ?? "", wrong.Message.Split(" Path:")[0].Split(" LineNumber:")[0]);
        }
    }

    internal static byte[] Resource(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    // Every string that is an OID, wherever it stands, but those only compared with: no member added later can slip by.
    private static IEnumerable<(string Place, Oid Oid)> Oids(JsonElement json, string place) =>
        Strings(json, place).Where(one => !one.Place.EndsWith(".sysObjectId", StringComparison.Ordinal)).Select(one => (one.Place, Oid.TryParse(one.Text, out var oid) ? oid : default)).Where(one => one.Item2.Count > 3);

    private static IEnumerable<(string Place, string Text)> Patterns(JsonElement json, string place) =>
        Strings(json, place).Where(one => one.Place.EndsWith(".pattern", StringComparison.Ordinal) || one.Place.EndsWith(".sysDescr", StringComparison.Ordinal)
            || (one.Place.StartsWith("supplyOverrides", StringComparison.Ordinal) && one.Place.EndsWith(".description", StringComparison.Ordinal)));

    private static IEnumerable<(string Place, string Text)> Strings(JsonElement json, string place) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(one => Strings(one.Value, JsonPlaces.Join(place, one.Name))),
        JsonValueKind.Array => json.EnumerateArray().SelectMany((one, at) => Strings(one, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{place}[{at}]"))),
        JsonValueKind.String => [(place, json.GetString()!)],
        _ => []
    };

    private sealed class OidConverter : JsonConverter<Oid>
    {
        public override Oid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Oid.TryParse(reader.GetString(), out var oid) ? oid : throw new JsonException($"'{reader.GetString()}' is not an OID");

        public override void Write(Utf8JsonWriter writer, Oid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class RegexConverter : JsonConverter<Regex>
    {
        public override Regex Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Regexes.Of(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, Regex value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

/// <summary>Patterns of profiles. What they read comes from devices: no backtracking, so no text can make them slow.</summary>
internal static class Regexes
{
    public static Regex Of(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>Why it is no pattern; null when it is one.</summary>
    public static string? Wrong(string pattern)
    {
        try
        {
            _ = Of(pattern);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return $"'{pattern}': {wrong.Message}";
        }
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>Reads a profile strictly: unknown members, missing parameters, bad OIDs and forbidden objects are refused with <see cref="JsonException"/>.</summary>
public static class ProfileJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        PropertyNameCaseInsensitive = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        Converters = { new OidConverter(), new RegexConverter() }
    };

    public static Profile Read(Stream json) => Check(JsonSerializer.Deserialize<Profile>(json, Options));

    public static Profile Read(string json) => Check(JsonSerializer.Deserialize<Profile>(json, Options));

    private static Profile Check(Profile? profile)
    {
        if (profile is null) throw new JsonException("A profile is an object");
        if (Faults(profile).FirstOrDefault() is { } fault) throw new JsonException($"Profile {profile.Name}: {fault}");
        return profile;
    }

    private static IEnumerable<string> Faults(Profile profile) =>
    [
        .. profile.Match.Where(rule => rule == new MatchRule()).Select(_ => "a match rule that matches everything"),
        .. profile.Model.Concat(profile.Serial).Concat(profile.Firmware)
            .Where(rule => Given(rule.Oid, rule.Column, rule.Row, rule.Of) != 1).Select(_ => "a text rule needs one of oid, column, row, of"),
        .. profile.Counters.Select(rule => rule.From).Concat(profile.Supplies.Select(rule => rule.Level)).SelectMany(Faults),
        .. Questions.All(profile).Where(Forbidden.Covers).Select(oid => $"{oid} is console text, jobs or users and never asked")
    ];

    private static IEnumerable<string> Faults(Term term) =>
    [
        .. Given(term.Oid, term.Row, term.Block, term.Sum, term.Difference) == 1 ? Array.Empty<string>() : ["a term needs one of oid, row, block, sum, difference"],
        .. term.Difference is null or { Count: 2 } ? Array.Empty<string>() : ["a difference has two terms"],
        .. term.Block is { Id: var id } && !(id.Length == 2 && id.All(char.IsAsciiHexDigit)) ? ["a block id is two hex digits"] : Array.Empty<string>(),
        .. (term.Sum ?? []).Concat(term.Difference ?? []).SelectMany(Faults)
    ];

    private static int Given(params ReadOnlySpan<object?> members)
    {
        var given = 0;
        foreach (var member in members) if (member is not null) given++;
        return given;
    }

    private sealed class OidConverter : JsonConverter<Oid>
    {
        public override Oid Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Oid.TryParse(reader.GetString(), out var oid) ? oid : throw new JsonException($"'{reader.GetString()}' is not an OID");

        public override void Write(Utf8JsonWriter writer, Oid value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    private sealed class RegexConverter : JsonConverter<Regex>
    {
        // What it reads comes from devices: no backtracking, so no text can make it slow.
        public override Regex Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetString() ?? "", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

        public override void Write(Utf8JsonWriter writer, Regex value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}

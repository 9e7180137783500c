using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary><c>kinds.json</c>: what is known not to be a printer. Data, so that a new kind of switch needs no code.</summary>
/// <param name="Source">Where the knowledge comes from.</param>
internal sealed record KindRules(int Version, string Source, IReadOnlyList<KindRule> Kinds)
{
    public static readonly KindRules BuiltIn = Read();

    /// <summary>Told by the enterprise alone, with the length of the prefix that told it.</summary>
    public (DeviceKind Kind, int Arcs)? ById(Oid id) => Kinds.SelectMany(rule => rule.Match, (rule, part) => (rule.Kind, part.SysObjectId))
        .Where(one => one.SysObjectId is { } prefix && id.StartsWith(prefix)).Select(one => ((DeviceKind, int)?)(one.Kind, one.SysObjectId!.Value.Count)).FirstOrDefault();

    /// <summary>Told by the device's own words.</summary>
    public DeviceKind? ByWords(string sysDescr) =>
        Kinds.FirstOrDefault(rule => rule.Match.Any(part => part.SysDescr?.IsMatch(sysDescr) == true) && rule.Unless?.IsMatch(sysDescr) != true)?.Kind;

    private static KindRules Read() =>
        JsonSerializer.Deserialize(ProfileJson.Resource("kinds.json"), ProfileJson.Rules.KindRules) ?? throw new JsonException("kinds.json is empty");
}

/// <param name="Unless">Words that take it back.</param>
internal sealed record KindRule(DeviceKind Kind, string Source, IReadOnlyList<KindPart> Match, Regex? Unless = null);

/// <param name="SysObjectId">Prefix.</param>
internal sealed record KindPart(Oid? SysObjectId = null, Regex? SysDescr = null);

using System.Reflection;
using System.Text.Json;

namespace Fleet.Telemetry.Meters;

/// <summary>How a profile names counters: the part of <c>agents/printers/profiles/*.json</c> that is about them, as it is in this build.</summary>
public sealed record NamingRules(string Name, int Version, IReadOnlyList<NamingRule> Counters)
{
    private static readonly Lazy<IReadOnlyDictionary<string, NamingRules>> Embedded = new(() => Read().ToDictionary(rules => rules.Name));

    /// <summary>By the profile's name.</summary>
    public static IReadOnlyDictionary<string, NamingRules> BuiltIn => Embedded.Value;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip };

    private static IEnumerable<NamingRules> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var file in assembly.GetManifestResourceNames().Where(name => name.StartsWith("profiles/", StringComparison.Ordinal)))
        {
            using var json = assembly.GetManifestResourceStream(file)!;
            var rules = JsonSerializer.Deserialize<NamingRules>(json, Json)!;
            yield return rules with { Counters = rules.Counters ?? [] };
        }
    }
}

/// <param name="Unit">PrtMarkerCounterUnitTC name.</param>
public sealed record NamingRule(string Name, string Unit, NamingTerm From);

/// <summary>Exactly one of the members; <c>agents/printers/profiles/profile.schema.json</c> describes them.</summary>
public sealed record NamingTerm(string? Oid = null, NamingRow? Row = null, NamingBlock? Block = null, IReadOnlyList<NamingTerm>? Sum = null, IReadOnlyList<NamingTerm>? Difference = null);

/// <param name="Value">The column the row's value is read from.</param>
public sealed record NamingRow(string Value);

public sealed record NamingBlock(string Oid);

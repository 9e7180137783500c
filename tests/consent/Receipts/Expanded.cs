using System.Text.Json.Nodes;

namespace Fleet.Consent.Tests.Receipts;

/// <summary>One thing said of another, names shortened by the prefixes of <see cref="KnownTerms"/>.</summary>
/// <param name="Text">The value as text, or null when it is a thing.</param>
/// <param name="Thing">The name of the thing it is, or null.</param>
/// <param name="Types">What it says it is.</param>
internal sealed record Said(string Property, string? Text, string? Thing, IReadOnlyList<string> Types);

/// <summary>
/// A receipt as a reader of JSON-LD 1.1 understands it: what the context inside it makes of its members, for as much of JSON-LD as receipts use (prefixes, terms, <c>@type</c> of terms, aliases
/// of keywords). A member without a term is what such a reader drops without a word; here it is found out.
/// </summary>
internal sealed class Expanded
{
    private readonly JsonObject _context;
    private readonly List<Said> _said = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _typesOf = [];
    private readonly List<string> _dropped = [];

    private Expanded(JsonObject context) => _context = context;

    /// <summary>What is said, of whatever.</summary>
    public IReadOnlyList<Said> All => _said;

    /// <summary>Members no reader hears of.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>All types anything is of.</summary>
    public IEnumerable<string> Types => _typesOf.Values.Concat(_said.Select(said => said.Types)).SelectMany(types => types).Distinct();

    /// <summary>What a thing is that is only named here and described elsewhere in the receipt.</summary>
    public IReadOnlyList<string> TypesOf(string thing) => _typesOf.GetValueOrDefault(thing) ?? [];

    public static Expanded Of(JsonNode receipt)
    {
        var expanded = new Expanded(receipt["@context"]!.AsObject());
        expanded.Read(receipt.AsObject());
        return expanded;
    }

    private (string? Thing, IReadOnlyList<string> Types) Read(JsonObject node)
    {
        var (thing, types) = ((string?)null, new List<string>());
        foreach (var (member, value) in node.Where(member => member.Key != "@context"))
            switch (Meaning(member))
            {
                case "@id": thing = Short((string)value!); break;
                case "@type": types.AddRange(Values(value).Select(type => Short((string)type!))); break;
                case null: _dropped.Add(member); break;
                case var property: Say(property, Coercion(member), value); break;
            }
        if (thing is not null)
            _typesOf[thing] = [.. TypesOf(thing).Union(types)];
        return (thing, types);
    }

    private void Say(string property, string? coercion, JsonNode? values)
    {
        foreach (var value in Values(values))
            if (value is JsonObject node)
            {
                var (thing, types) = Read(node);
                _said.Add(new(property, null, thing ?? "", types));
            }
            else
                _said.Add(coercion == "@id" ? new(property, null, Short((string)value!), []) : new(property, (string)value!, null, []));
    }

    private static IEnumerable<JsonNode?> Values(JsonNode? value) => value is JsonArray many ? many : Enumerable.Repeat(value, 1);

    private string? Meaning(string member) =>
        member[0] == '@' ? member
        : _context[member] is JsonObject term ? Short((string)term["@id"]!)
        : _context[member] is JsonValue word ? ((string)word!)[0] == '@' ? (string)word! : Short((string)word!)
        : member.Contains(':', StringComparison.Ordinal) ? Short(member) : null;

    private string? Coercion(string member) => (_context[member] as JsonObject)?["@type"]?.GetValue<string>();

    // By the receipt's own prefixes into a whole IRI, and back by the known ones: a prefix that means something else shows.
    private string Short(string name)
    {
        var iri = name.Split(':', 2) is [var prefix, var rest] && !rest.StartsWith("//", StringComparison.Ordinal) && _context[prefix] is JsonValue start ? $"{start}{rest}" : name;
        var known = KnownTerms.Prefixes.Where(one => iri.StartsWith(one.Value, StringComparison.Ordinal)).OrderByDescending(one => one.Value.Length).FirstOrDefault();
        return known.Key is null ? iri : $"{known.Key}:{iri[known.Value.Length..]}";
    }
}

using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>All profiles known here: the ones that come with the agent, and on top of them those of a folder, by name.</summary>
public sealed class Profiles
{
    private readonly Profile generic;
    private readonly List<Profile> vendors;

    private Profiles(IReadOnlyDictionary<string, Profile> byName, IReadOnlyList<string>? notes = null)
    {
        generic = byName["generic"];
        vendors = [.. byName.Values.Where(profile => profile != generic).OrderBy(profile => profile.Name, StringComparer.Ordinal).Select(WithStandardTexts)];
        Notes = notes ?? [];
    }

    public IEnumerable<Profile> All => [generic, .. vendors];

    /// <summary>Which built-in profiles a folder's stand before; a line each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The profiles inside this assembly.</summary>
    public static readonly Profiles BuiltIn = new(Embedded());

    /// <summary>
    /// The built-in profiles, replaced and extended by a folder's <c>*.json</c>: of one name the folder's wins. Name and version say which rules named a value, for ever; so a file with
    /// the name and version of a built-in profile must be the same.
    /// </summary>
    /// <exception cref="ProfileException">A file is wrong: named by file, line and member.</exception>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static Profiles WithFolder(string folder)
    {
        var (profiles, notes, files) = (Embedded(), new List<string>(), new Dictionary<string, string>());
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var (name, json) = (Path.GetFileName(file), File.ReadAllBytes(file));
            var profile = ProfileJson.Read(json, name);
            if (files.TryGetValue(profile.Name, out var other)) throw new ProfileException(name, 1, "name", $"'{profile.Name}' is in {other} too");
            if (profiles.GetValueOrDefault(profile.Name) is { } ours)
            {
                if (ours.Version == profile.Version && !IsBuiltIn(profile.Name, json))
                    throw new ProfileException(name, 1, "version", $"{profile.Name} {profile.Version} is built in and says other things; a version names one set of rules, so take a higher one");
                notes.Add($"profile {profile.Name} {profile.Version} of {name} stands before the built-in {profile.Name} {ours.Version}");
            }
            files[profile.Name] = name;
            profiles[profile.Name] = profile;
        }
        return new(profiles, notes);
    }

    private static bool IsBuiltIn(string name, byte[] json) =>
        JsonNode.DeepEquals(Node(json), Node(ProfileJson.Resource($"profiles/{name}.json")));

    private static JsonNode? Node(byte[] json) => JsonNode.Parse(json.AsSpan().TrimStart("\uFEFF"u8), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip });

    /// <summary>The profile for a device: longest sysObjectID prefix, a matching description breaking the tie; else by description alone; else null.</summary>
    internal Profile? Choose(Answers answers)
    {
        var (id, descr) = (answers[PrinterMib.SysObjectId].AsOid, answers.Text(PrinterMib.SysDescr) ?? "");
        return vendors.SelectMany(profile => profile.Match.Where(rule => rule.Answers is null).Select(rule => (profile, rule)))
            .Where(pair => (pair.rule.SysObjectId is not { } prefix || id.StartsWith(prefix)) && (pair.rule.SysDescr?.IsMatch(descr) ?? true))
            .OrderByDescending(pair => pair.rule.SysObjectId?.Count ?? 0).ThenByDescending(pair => pair.rule.SysDescr is not null)
            .Select(pair => pair.profile).FirstOrDefault();
    }

    /// <summary>Arcs of the longest sysObjectID prefix any profile has for a device; 0 when none matches.</summary>
    internal int LongestMatch(Oid id) =>
        vendors.SelectMany(profile => profile.Match).Select(rule => rule.SysObjectId is { } prefix && id.StartsWith(prefix) ? prefix.Count : 0).DefaultIfEmpty().Max();

    /// <summary>Objects that give a vendor away when nothing else does.</summary>
    internal IReadOnlyList<Oid> Witnesses =>
        [.. vendors.SelectMany(profile => profile.Match).Where(rule => rule.Answers is not null).Select(rule => rule.Answers!.Value).Distinct().Where(oid => !Forbidden.Covers(oid))];

    internal Profile? ChooseByWitness(IReadOnlyDictionary<Oid, SnmpValue> answers) =>
        vendors.Find(profile => profile.Match.Any(rule => rule.Answers is { } witness && answers.TryGetValue(witness, out var value) && !value.IsMissing));

    internal Profile Generic => generic;

    // A vendor's own objects first, then what the standard offers everyone.
    private Profile WithStandardTexts(Profile vendor) => vendor with
    {
        Model = [.. vendor.Model, .. generic.Model],
        Serial = [.. vendor.Serial, .. generic.Serial],
        Firmware = [.. vendor.Firmware, .. generic.Firmware]
    };

    private static Dictionary<string, Profile> Embedded() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.StartsWith("profiles/", StringComparison.Ordinal))
        .Select(name => ProfileJson.Read(ProfileJson.Resource(name), name)).ToDictionary(profile => profile.Name);
}

using System.Reflection;
using System.Text.Json;
using Fleet.Snmp;

namespace Fleet.Printers;

/// <summary>All profiles known here: the ones that come with the agent, and on top of them those of a folder, by name.</summary>
public sealed class Profiles
{
    private readonly Profile generic;
    private readonly List<Profile> vendors;

    private Profiles(IReadOnlyDictionary<string, Profile> byName)
    {
        generic = byName["generic"];
        vendors = [.. byName.Values.Where(profile => profile != generic).OrderBy(profile => profile.Name, StringComparer.Ordinal).Select(WithStandardTexts)];
    }

    public IEnumerable<Profile> All => [generic, .. vendors];

    /// <summary>The profiles inside this assembly.</summary>
    public static readonly Profiles BuiltIn = new(Embedded());

    /// <summary>The built-in profiles, replaced and extended by a folder's <c>*.json</c>. Throws <see cref="JsonException"/> naming the file that is wrong.</summary>
    public static Profiles WithFolder(string folder)
    {
        var profiles = Embedded();
        var files = Directory.EnumerateFiles(folder, "*.json").Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal));
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            using var json = File.OpenRead(file);
            var profile = Named(file, json);
            profiles[profile.Name] = profile;
        }
        return new(profiles);
    }

    /// <summary>The profile for a device: longest sysObjectID prefix, a matching description breaking the tie; else by description alone; else null.</summary>
    internal Profile? Choose(Answers answers)
    {
        var (id, descr) = (answers[PrinterMib.SysObjectId].AsOid, answers.Text(PrinterMib.SysDescr) ?? "");
        return vendors.SelectMany(profile => profile.Match.Where(rule => rule.Answers is null).Select(rule => (profile, rule)))
            .Where(pair => (pair.rule.SysObjectId is not { } prefix || id.StartsWith(prefix)) && (pair.rule.SysDescr?.IsMatch(descr) ?? true))
            .OrderByDescending(pair => pair.rule.SysObjectId?.Count ?? 0).ThenByDescending(pair => pair.rule.SysDescr is not null)
            .Select(pair => pair.profile).FirstOrDefault();
    }

    /// <summary>Objects that give a vendor away when nothing else does.</summary>
    internal IReadOnlyList<Oid> Witnesses =>
        [.. vendors.SelectMany(profile => profile.Match).Where(rule => rule.Answers is not null).Select(rule => rule.Answers!.Value).Distinct()];

    internal Profile? ChooseByWitness(IReadOnlyList<VarBind> answers) =>
        vendors.Find(profile => profile.Match.Any(rule => rule.Answers is { } witness && answers.Any(answer => answer.Name == witness && !answer.Value.IsMissing)));

    internal Profile Generic => generic;

    // A vendor's own objects first, then what the standard offers everyone.
    private Profile WithStandardTexts(Profile vendor) => vendor with
    {
        Model = [.. vendor.Model, .. generic.Model],
        Serial = [.. vendor.Serial, .. generic.Serial],
        Firmware = [.. vendor.Firmware, .. generic.Firmware]
    };

    private static Dictionary<string, Profile> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith("profiles/", StringComparison.Ordinal)).Select(name =>
        {
            using var json = assembly.GetManifestResourceStream(name)!;
            return Named(name, json);
        }).ToDictionary(profile => profile.Name);
    }

    private static Profile Named(string file, Stream json)
    {
        try
        {
            return ProfileJson.Read(json);
        }
        catch (Exception wrong) when (wrong is JsonException or ArgumentException or NotSupportedException)
        {
            throw new JsonException($"{Path.GetFileName(file)}: {wrong.Message}", wrong);
        }
    }
}

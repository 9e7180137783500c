using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Printers;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>Over all recordings and all sets of field groups: what leaves for a device belongs to a group that is allowed. Judged by the profile files themselves and by the MIBs, not by the code that asks.</summary>
public class GrantsTests
{
    private static readonly FieldGroups[] Groups = [FieldGroups.Identity, FieldGroups.NetworkAddress, FieldGroups.Location, FieldGroups.Counters, FieldGroups.Supplies, FieldGroups.Status, FieldGroups.Firmware];

    private static readonly IReadOnlyList<(string Oid, FieldGroups Groups)> Standard =
    [
        ("1.3.6.1.2.1.1.1.0", FieldGroups.Identity), ("1.3.6.1.2.1.1.2.0", FieldGroups.Identity), ("1.3.6.1.2.1.1.7", FieldGroups.Identity), ("1.3.6.1.2.1.25.3.2.1.3", FieldGroups.Identity), ("1.3.6.1.2.1.43.5.1.1.17", FieldGroups.Identity),
        ("1.3.6.1.2.1.25.3.2.1.2", FieldGroups.Identity | FieldGroups.Status),
        ("1.3.6.1.2.1.2.2.1.3", FieldGroups.NetworkAddress), ("1.3.6.1.2.1.2.2.1.6", FieldGroups.NetworkAddress), ("1.3.6.1.2.1.2.2.1.8", FieldGroups.NetworkAddress),
        ("1.3.6.1.2.1.1.5.0", FieldGroups.Location), ("1.3.6.1.2.1.1.6.0", FieldGroups.Location),
        ("1.3.6.1.2.1.43.10.2.1", FieldGroups.Counters),
        ("1.3.6.1.2.1.43.11.1.1", FieldGroups.Supplies), ("1.3.6.1.2.1.43.12.1.1", FieldGroups.Supplies),
        ("1.3.6.1.2.1.25.3.2.1.5", FieldGroups.Status), ("1.3.6.1.2.1.25.3.5.1", FieldGroups.Status), ("1.3.6.1.2.1.43.6.1.1", FieldGroups.Status), ("1.3.6.1.2.1.43.8.2.1", FieldGroups.Status), ("1.3.6.1.2.1.43.18.1.1", FieldGroups.Status),
        ("1.3.6.1.2.1.43.5.1.1.2", FieldGroups.Supplies | FieldGroups.Status), ("1.3.6.1.2.1.43.7.1.1.4", FieldGroups.Supplies | FieldGroups.Status)      // the character set of their texts
    ];

    // Member of a profile -> group. Everything in a profile file that is an OID stands under one of these.
    private static readonly Dictionary<string, FieldGroups> Members = new()
    {
        ["model"] = FieldGroups.Identity,
        ["serial"] = FieldGroups.Identity,
        ["firmware"] = FieldGroups.Firmware,
        ["counters"] = FieldGroups.Counters,
        ["match"] = FieldGroups.Counters,
        ["supplies"] = FieldGroups.Supplies,
        ["supplyTables"] = FieldGroups.Supplies
    };

    private static readonly Lazy<ILookup<string, FieldGroups>> Known = new(() => Standard.Select(one => (one.Oid, one.Groups)).Concat(
        Profiles.BuiltIn.All.SelectMany(profile => OfFile(profile.Name))).ToLookup(one => one.Oid, one => one.Groups));

    [Test]
    public async Task Nothing_leaves_that_no_allowed_group_covers([ValueSource(typeof(Recording), nameof(Recording.Names))] string name)
    {
        using var device = new CapturedDevice(name);
        using var client = Ask.Client();
        var seasoned = new Probe(client, Profiles.BuiltIn);      // one that has met the device with everything allowed
        await seasoned.ReadAsync(Ask.Target(device.EndPoint, name), FieldGroups.All);
        for (var set = 0; set < 1 << Groups.Length; set++)
        {
            var allowed = Groups.Where((_, bit) => (set & (1 << bit)) != 0).Aggregate(FieldGroups.None, (all, group) => all | group);
            foreach (var probe in new[] { new Probe(client, Profiles.BuiltIn), seasoned })
            {
                device.Requests.Clear();
                await probe.ReadAsync(Ask.Target(device.EndPoint, name), allowed);
                await new Recognise(client, Profiles.BuiltIn).AskAsync(Ask.Target(device.EndPoint, name), allowed);
                Assert.That(device.Asked.Where(oid => !Covered(oid, allowed)), Is.Empty, allowed.ToString());
                Assert.That(device.Asked.Where(IsForbidden), Is.Empty, allowed.ToString());
                if (allowed is FieldGroups.None) Assert.That(device.Requests, Is.Empty);
            }
        }
    }

    [Test]
    public async Task The_check_finds_each_group_that_is_asked_without_being_allowed([ValueSource(nameof(Groups))] FieldGroups missing)
    {
        using var device = new CapturedDevice("pm-kyocera-p2040");
        using var client = Ask.Client();
        await new Probe(client, Profiles.BuiltIn).ReadAsync(Ask.Target(device.EndPoint, "public"), FieldGroups.All);
        Assert.That(device.Asked.Where(oid => !Covered(oid, FieldGroups.All)), Is.Empty);
        Assert.That(device.Asked.Where(oid => !Covered(oid, FieldGroups.All & ~missing)), Is.Not.Empty);
    }

    [Test]
    public void Every_OID_of_a_profile_file_belongs_to_a_group()
    {
        foreach (var profile in Profiles.BuiltIn.All)
            foreach (var (place, _) in Oids(File(profile.Name), "")) Assert.That(Members.Keys.Any(member => place.StartsWith(member, StringComparison.Ordinal)), Is.True, $"{profile.Name}: {place}");
    }

    // Written out here, and not taken from the list under test.
    private static readonly string[] Denied = ["1.3.6.1.2.1.43.16", "1.3.6.1.4.1.2699.1.1", "1.3.6.1.4.1.1347.47.6", "1.3.6.1.4.1.1347.42.1", "1.3.6.1.4.1.11.2.3.9.4.2.1.1.6", "1.3.6.1.4.1.11.2.3.9.1.1.3", "1.3.6.1.4.1.2435.2.3.9.4.2.1.5.4.5", "1.3.6.1.2.1.25.4.2", "1.3.6.1.2.1.6.13", "1.3.6.1.2.1.4.22"];

    private static IEnumerable<string> Ways =>
    [
        """ "serial": [{ "oid": "OID" }] """, """ "model": [{ "column": "OID" }] """, """ "firmware": [{ "row": { "key": "OID", "is": ["1"], "value": "1.3.6.1.4.1.99999.1" } }] """,
        """ "firmware": [{ "row": { "key": "1.3.6.1.4.1.99999.1", "is": ["1"], "value": "OID" } }] """, """ "match": [{ "answers": "OID" }] """,
        """ "counters": [{ "name": "a", "unit": "u", "from": { "oid": "OID" } }] """, """ "counters": [{ "name": "a", "unit": "u", "from": { "block": { "oid": "OID", "id": "00" } } }] """,
        """ "counters": [{ "name": "a", "unit": "u", "from": { "sum": [{ "oid": "1.3.6.1.4.1.99999.1" }, { "difference": [{ "oid": "1.3.6.1.4.1.99999.2" }, { "oid": "OID" }] }] } }] """,
        """ "supplies": [{ "slot": "a", "description": "a", "type": "toner", "class": "other", "unit": "u", "capacity": 1, "level": { "oid": "OID" } }] """,
        """ "supplyTables": [{ "slot": "a", "type": "toner", "class": "other", "unit": "u", "scale": 1, "level": "OID" }] """, """ "supplyTables": [{ "slot": "a", "type": "toner", "class": "other", "unit": "u", "level": "1.3.6.1.4.1.99999.1", "capacity": "OID" }] """,
        """ "supplyTables": [{ "slot": "a", "type": "toner", "class": "other", "unit": "u", "scale": 1, "level": "1.3.6.1.4.1.99999.1", "name": "OID" }] """
    ];

    [Test]
    public void No_profile_opens_what_is_denied([ValueSource(nameof(Denied))] string root)
    {
        foreach (var way in Ways)
            foreach (var oid in new[] { root, root + ".5.1.2.1.1", root[..root.LastIndexOf('.')] })
            {
                var json = $$"""{ "name": "x", "version": 1, "source": "s", {{way.Replace("OID", oid, StringComparison.Ordinal)}} }""";
                Assert.That(() => ProfileJson.Read(Encoding.UTF8.GetBytes(json), "x.json"), Throws.TypeOf<ProfileException>().With.Message.Contains("never asked"), json);
            }
    }

    [Test]
    public void The_same_ways_are_open_to_what_is_not_denied()
    {
        foreach (var way in Ways)
            Assert.That(() => ProfileJson.Read(Encoding.UTF8.GetBytes($$"""{ "name": "x", "version": 1, "source": "s", {{way.Replace("OID", "1.3.6.1.4.1.99999.7", StringComparison.Ordinal)}} }"""), "x.json"), Throws.Nothing);
    }

    private static bool IsForbidden(string oid) => Denied.Any(root => oid == root || oid.StartsWith(root + ".", StringComparison.Ordinal));

    private static bool Covered(string oid, FieldGroups allowed)
    {
        for (var name = oid; name.Contains('.'); name = name[..name.LastIndexOf('.')])
            if (Known.Value[name].Any(groups => (groups & allowed) != 0)) return true;
        return false;
    }

    private static IEnumerable<(string Oid, FieldGroups Groups)> OfFile(string profile) =>
        Oids(File(profile), "").Select(one => (one.Oid, Members.First(member => one.Place.StartsWith(member.Key, StringComparison.Ordinal)).Value));

    private static IEnumerable<(string Place, string Oid)> Oids(JsonNode? node, string place) => node switch
    {
        JsonObject all => all.Where(one => one.Key is not ("sysObjectId" or "$schema" or "source")).SelectMany(one => Oids(one.Value, $"{place}.{one.Key}".TrimStart('.'))),
        JsonArray all => all.SelectMany(one => Oids(one, place)),
        JsonValue value when value.GetValueKind() is JsonValueKind.String && Regex.IsMatch(value.GetValue<string>(), "^[0-9]+(\\.[0-9]+){4,}$") => [(place, value.GetValue<string>())],
        _ => []
    };

    private static JsonNode File(string profile)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine(folder.FullName, "agents", "printers", "profiles", profile + ".json") is var file && System.IO.File.Exists(file)) return JsonNode.Parse(System.IO.File.ReadAllText(file))!;
        throw new FileNotFoundException($"no agents/printers/profiles/{profile}.json above the tests");
    }
}

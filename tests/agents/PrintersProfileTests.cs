using System.Text;
using System.Text.Json;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

public class PrintersProfileTests
{
    private string folder = "";

    [SetUp]
    public void Create() => folder = Directory.CreateTempSubdirectory("fleet-profiles-").FullName;

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_profile_in_a_folder_reads_a_device_nobody_knew()
    {
        var device = new PrintersDevice().Is("1.3.6.1.4.1.99999.1", "Acme P1").Supply("1.1", 20, 100, "Waste box", type: 1)
            .Has("1.3.6.1.4.1.99999.2.1", 100).Has("1.3.6.1.4.1.99999.2.2", 30).Has("1.3.6.1.4.1.99999.3.0", SnmpValue.OctetString([0x01, 0x15, .. "S-1"u8, 0]));
        var profiles = Folder("""
            { "name": "acme", "version": 3, "source": "a test", "manufacturer": "Acme",
              "match": [{ "sysObjectId": "1.3.6.1.4.1.99999" }],
              "serial": [{ "oid": "1.3.6.1.4.1.99999.3.0" }],
              "counters": [
                { "name": "total", "unit": "impressions", "from": { "oid": "1.3.6.1.4.1.99999.2.1" } },
                { "name": "mono", "unit": "impressions", "from": { "difference": [{ "oid": "1.3.6.1.4.1.99999.2.1" }, { "oid": "1.3.6.1.4.1.99999.2.2" }] } }
              ],
              "supplyOverrides": [{ "description": "^Waste", "class": "receptacle", "filled": true }] }
            """);
        var reading = await device.ReadAsync(profiles);
        Assert.That((reading.Profile, reading.Manufacturer, reading.Serial), Is.EqualTo((new ProfileId("acme", 3), "Acme", "S-1")));
        Assert.That(reading.Counters, Is.EqualTo(new[]
        {
            new Counter("total", 100, "impressions", "1.3.6.1.4.1.99999.2.1"),
            new Counter("mono", 70, "impressions", "1.3.6.1.4.1.99999.2.1-1.3.6.1.4.1.99999.2.2")
        }));
        Assert.That((reading.Supplies[0].Class, reading.Supplies[0].Level, reading.Supplies[0].Percent), Is.EqualTo(("receptacle", (long?)20, (decimal?)80)), "raw kept, percentage turned");
    }

    [Test]
    public void A_profile_of_the_same_name_replaces_the_built_in_one() =>
        Assert.That(Folder("""{ "name": "sharp", "version": 99, "source": "a test", "match": [{ "sysDescr": "x" }] }""").All.Single(p => p.Name == "sharp").Version, Is.EqualTo(99));

    [Test]
    public async Task A_profile_knows_the_character_set_where_the_device_says_another()
    {
        var device = new PrintersDevice().Is("1.3.6.1.4.1.99999.1", "Acme P1").Supply("1.1", 20, 100).Has("1.3.6.1.2.1.43.11.1.1.6.1.1", SnmpValue.OctetString([0xd2, 0xee, 0xed, 0xe5, 0xf0]))
            .Has("1.3.6.1.2.1.43.5.1.1.2.1", 1).Has("1.3.6.1.2.1.43.7.1.1.4.1.1", 4);      // it declares ISO 8859-1
        var profiles = Folder("""{ "name": "acme", "version": 1, "source": "a test", "manufacturer": "Acme", "charset": 2251, "match": [{ "sysObjectId": "1.3.6.1.4.1.99999" }] }""");
        Assert.That((await device.ReadAsync(profiles)).Supplies.Single().Description, Is.EqualTo("Тонер"));
        Assert.That((await device.ReadAsync()).Supplies.Single().Description, Is.EqualTo("Òîíåð"), "without it the device's own word counts");
    }

    [Test]
    public void A_folders_profile_stands_before_ours_and_it_says_so() => Assert.That(
        Folder("""{ "name": "sharp", "version": 99, "source": "a test", "match": [{ "sysDescr": "x" }] }""").Notes.Single(),
        Does.StartWith("profile sharp 99 of one.json stands before the built-in sharp "));

    [Test]
    public void Name_and_version_of_a_built_in_profile_mean_its_rules_and_no_others()
    {
        var ours = Profiles.BuiltIn.All.Single(profile => profile.Name == "tsc").Version;
        Assert.That(Assert.Throws<ProfileException>(() => Folder($$"""{ "name": "tsc", "version": {{ours}}, "source": "a test" }"""))!.Message, Does.StartWith("one.json:1: version: tsc").And.Contain("take a higher one"));
        Assert.That(Folder(Encoding.UTF8.GetString(ProfileJson.Resource("profiles/tsc.json"))).All.Count(), Is.EqualTo(Profiles.BuiltIn.All.Count()), "a copy is no contradiction");
    }

    [Test]
    public void Two_files_of_one_name_are_refused()
    {
        File.WriteAllText(Path.Combine(folder, "a.json"), """{ "name": "x", "version": 1, "source": "s" }""");
        Assert.That(Assert.Throws<ProfileException>(() => Folder("""{ "name": "x", "version": 2, "source": "s" }"""))!.Message, Is.EqualTo("one.json:1: name: 'x' is in a.json too"));
    }

    [TestCase("", "one.json:6: lacks 'source'")]
    [TestCase("\"source\": 5", "one.json:7: source: is no string")]
    [TestCase("\"source\": \"s\", \"vendor\": \"y\"", "one.json:7: vendor: is no member a profile has")]
    [TestCase("\"source\": \"s\",\n\"match\": [{}]", "one.json:8: match[0]: says nothing; it may have sysObjectId, sysDescr, answers")]
    [TestCase("\"source\": \"s\",\n\n\"serial\": [{ \"oid\": \"1.3.x\" }]", "one.json:9: serial[0].oid: '1.3.x' does not look like")]
    [TestCase("\"source\": \"s\", \"serial\": [{ \"pattern\": \"(.*)\" }]", "one.json:7: serial[0]: needs exactly one of oid, column, row, of")]
    [TestCase("\"source\": \"s\", \"model\": [{ \"of\": \"sysDescr\", \"pattern\": \"(\" }]", "one.json:7: model[0].pattern: '(': Invalid pattern")]
    [TestCase("\"source\": \"s\", \"model\": [{ \"of\": \"sysName\" }]", "one.json:7: model[0].of: 'sysName' is none of sysDescr, hrDeviceDescr")]
    [TestCase("\"source\": \"s\", \"model\": [{ \"of\": \"sysDescr\", \"pattern\": \"(?=x)\" }]", "one.json:7: model[0].pattern: '(?=x)'", Description = "look-around needs backtracking")]
    [TestCase("\"source\": \"s\", \"counters\": [{ \"name\": \"a\", \"unit\": \"u\",\n \"from\": {} }]", "one.json:8: counters[0].from: says nothing; it may have oid, row, block, sum, difference")]
    [TestCase("\"source\": \"s\", \"counters\": [{ \"name\": \"a\", \"unit\": \"u\", \"from\": { \"block\": { \"oid\": \"1.3\", \"id\": \"zz\" } } }]", "one.json:7: counters[0].from.block.id: 'zz' does not look like")]
    [TestCase("\"source\": \"s\", \"counters\": [{ \"name\": \"a\", \"unit\": \"u\", \"from\": { \"difference\": [{ \"oid\": \"1.3\" }] } }]", "one.json:7: counters[0].from.difference: has fewer than 2 items")]
    [TestCase("\"source\": \"s\", \"counters\": [{ \"name\": \"a\", \"unit\": \"u\", \"from\": { \"oid\": \"1.3.6.1.2.1.43.16.5.1.2.1.1\" } }]", "one.json:7: counters[0].from.oid: 1.3.6.1.2.1.43.16.5.1.2.1.1 is console text")]
    [TestCase("\"source\": \"s\", \"serial\": [{ \"column\": \"1.3.6.1.4.1.1347.47.6.1.1.4\" }]", "never asked")]
    [TestCase("\"source\": \"s\", \"serial\": [{ \"column\": \"1.3.6.1.4.1.1347\" }]", "never asked", Description = "a walk through the job log")]
    [TestCase("\"source\": \"s\", \"match\": [{ \"answers\": \"1.3.6.1.2.1.43.16.5.1.2.1.1\" }]", "match[0].answers")]
    [TestCase("\"source\": \"s\", \"supplyTables\": [{ \"slot\": \"a\", \"level\": \"1.3.6.1.2.1.43.16.5\", \"scale\": 1, \"type\": \"toner\", \"class\": \"other\", \"unit\": \"percent\" }]", "supplyTables[0].level")]
    [TestCase("\"source\": \"s\", \"source\": \"t\"", "one.json:7: source: is said twice")]
    [TestCase("\"source\": ", "one.json:8: '}' is an invalid start of a value")]
    public void A_wrong_profile_is_refused_by_file_line_member_and_reason(string members, string message)
    {
        var json = "// a comment\n// and\n// three\n// more\n// lines\n{ \"name\": \"x\", \"version\": 1" + (members.Length == 0 ? "" : ",\n" + members) + "\n}";
        Assert.That(Assert.Throws<ProfileException>(() => Folder(json))!.Message, Does.Contain(message));
    }

    [Test]
    public void The_schema_asks_nothing_that_is_not_checked()
    {
        using var schema = JsonDocument.Parse("""{ "type": "object", "format": "date" }""");
        using var json = JsonDocument.Parse("{}");
        Assert.That(() => new SchemaCheck(schema.RootElement).Faults(json.RootElement).ToList(), Throws.TypeOf<NotSupportedException>().With.Message.Contains("format"));
    }

    [Test]
    public void Every_built_in_profile_says_where_it_comes_from() => Assert.That(Profiles.BuiltIn.All.Select(p => p.Source), Is.All.Not.Empty);

    [TestCase("kyocera"), TestCase("sharp"), TestCase("hp"), TestCase("brother"), TestCase("konica-minolta"), TestCase("ricoh")]
    [TestCase("canon"), TestCase("xerox"), TestCase("lexmark"), TestCase("epson"), TestCase("generic"), TestCase("fujifilm"), TestCase("samsung"), TestCase("dell"), TestCase("oki"), TestCase("toshiba"), TestCase("zebra")]
    public void A_profile_is_built_in(string name) => Assert.That(Profiles.BuiltIn.All.Select(p => p.Name), Does.Contain(name));

    [Test]
    public void The_schema_names_exactly_what_the_reader_knows()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "profile.schema.json")));
        var definitions = schema.RootElement.GetProperty("$defs");
        (Type Type, JsonElement Schema)[] pairs =
        [
            (typeof(Profile), schema.RootElement), (typeof(MatchRule), definitions.GetProperty("match")), (typeof(BrandRule), definitions.GetProperty("brand")),
            (typeof(TextRule), definitions.GetProperty("text")), (typeof(CounterRule), definitions.GetProperty("counter")), (typeof(Term), definitions.GetProperty("term")),
            (typeof(RowTerm), definitions.GetProperty("row")), (typeof(BlockTerm), definitions.GetProperty("block")),
            (typeof(SupplyRule), definitions.GetProperty("supply")), (typeof(SupplyTableRule), definitions.GetProperty("supplyTable")), (typeof(SupplyOverride), definitions.GetProperty("supplyOverride"))
        ];
        foreach (var (type, part) in pairs)
        {
            var known = type.GetProperties().Where(p => p.CanWrite).Select(p => p.Name == "Schema" ? "$schema" : JsonNamingPolicy.CamelCase.ConvertName(p.Name));
            Assert.That(part.GetProperty("properties").EnumerateObject().Select(p => p.Name), Is.EquivalentTo(known), type.Name);
            Assert.That(part.GetProperty("additionalProperties").GetBoolean(), Is.False, type.Name);
        }
    }

    private Profiles Folder(string json)
    {
        File.WriteAllText(Path.Combine(folder, "one.json"), json);
        return Profiles.WithFolder(folder);
    }
}

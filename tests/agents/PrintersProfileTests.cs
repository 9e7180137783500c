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

    [TestCase("""{ "name": "x", "version": 1 }""", "source")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "vendor": "y" }""", "vendor")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "match": [{}] }""", "matches everything")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "serial": [{ "oid": "1.3.x" }] }""", "1.3.x")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "serial": [{ "pattern": "(.*)" }] }""", "oid, column, row, of")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "model": [{ "of": "sysDescr", "pattern": "(" }] }""", "(")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "counters": [{ "name": "a", "unit": "u", "from": {} }] }""", "term")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "counters": [{ "name": "a", "unit": "u", "from": { "block": { "oid": "1.3", "id": "zz" } } }] }""", "hex")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "counters": [{ "name": "a", "unit": "u", "from": { "oid": "1.3.6.1.2.1.43.16.5.1.2.1.1" } }] }""", "never asked")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "serial": [{ "column": "1.3.6.1.4.1.1347.47.6.1.1.4" }] }""", "never asked")]
    [TestCase("""{ "name": "x", "version": 1, "source": "s", "serial": [{ "column": "1.3.6.1.4.1.1347" }] }""", "never asked", Description = "a walk through the job log")]
    public void A_wrong_profile_is_refused_by_file_and_reason(string json, string reason) =>
        Assert.That(Assert.Throws<JsonException>(() => Folder(json))!.Message, Does.Contain("one.json").And.Contain(reason));

    [Test]
    public void Every_built_in_profile_says_where_it_comes_from() => Assert.That(Profiles.BuiltIn.All.Select(p => p.Source), Is.All.Not.Empty);

    [TestCase("kyocera"), TestCase("sharp"), TestCase("hp"), TestCase("brother"), TestCase("konica-minolta"), TestCase("ricoh")]
    [TestCase("canon"), TestCase("xerox"), TestCase("lexmark"), TestCase("epson"), TestCase("generic")]
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
            (typeof(SupplyRule), definitions.GetProperty("supply")), (typeof(SupplyOverride), definitions.GetProperty("supplyOverride"))
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

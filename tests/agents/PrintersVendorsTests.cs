using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>Vendor counters no recording has, made up from the notes on the vendors' objects: each formula, table and name once.</summary>
public class PrintersVendorsTests
{
    private const string Enterprises = "1.3.6.1.4.1.";

    [Test]
    public Task Kyocera() => Reads("1347.41", "KYOCERA", new()
    {
        ["1347.43.10.1.1.12.1.1"] = 100,
        ["1347.42.3.1.2.1.1.1.1"] = 1,
        ["1347.42.3.1.2.1.1.1.2"] = 2,
        ["1347.42.3.1.2.1.1.1.3"] = 4,
        ["1347.42.3.1.2.1.1.2.1"] = 8,
        ["1347.42.3.1.2.1.1.2.2"] = 16,
        ["1347.42.3.1.2.1.1.2.3"] = 32,
        ["1347.42.3.1.2.1.1.4.1"] = 64,
        ["1347.42.2.1.1.1.2.1.1"] = "A4",
        ["1347.42.2.1.1.1.2.1.7"] = "A3",
        ["1347.42.2.1.1.1.6.1.1"] = 90,
        ["1347.42.2.1.1.1.6.1.7"] = 10,
        ["1347.46.10.1.1.5.3"] = 5
    }, ("total", 100), ("mono", 1 + 8 + 64), ("color", 2 + 4 + 16 + 32), ("fax.mono", 64), ("print.mono", 1), ("print.color", 6), ("copy.mono", 8), ("copy.color", 48), ("scan", 5), ("a3", 10));

    [Test]
    public Task Kyocera_without_single_colour_adds_what_it_has() => Reads("1347.41", "KYOCERA", new()
    {
        ["1347.42.3.1.2.1.1.1.1"] = 1,
        ["1347.42.3.1.2.1.1.1.3"] = 4
    }, ("mono", 1), ("color", 4), ("print.mono", 1), ("print.color", 4));

    [Test]
    public Task Konica_Minolta() => Reads("18334.1.1.1.2.1.117.2.2", "KONICA MINOLTA bizhub", new()
    {
        ["18334.1.1.1.5.7.2.1.1.0"] = 100,
        ["18334.1.1.1.5.7.2.1.3.0"] = 7,
        ["18334.1.1.1.5.7.2.1.5.0"] = 9,
        ["18334.1.1.1.5.7.2.2.1.5.1.1"] = 1,
        ["18334.1.1.1.5.7.2.2.1.5.1.2"] = 2,
        ["18334.1.1.1.5.7.2.2.1.5.2.1"] = 4,
        ["18334.1.1.1.5.7.2.2.1.5.2.2"] = 8
    }, ("total", 100), ("mono", 3), ("color", 12), ("copy.mono", 1), ("copy.color", 4), ("print.mono", 2), ("print.color", 8), ("duplex", 7), ("scan", 9));

    [Test]
    public Task Hp() => Reads("11.2.3.9.1", "HP ETHERNET MULTI-ENVIRONMENT", new()
    {
        ["11.2.3.9.4.2.1.4.1.2.5.0"] = 100,
        ["11.2.3.9.4.2.1.4.1.2.6.0"] = 60,
        ["11.2.3.9.4.2.1.4.1.2.7.0"] = 40,
        ["11.2.3.9.4.2.1.4.1.2.22.0"] = 20,
        ["11.2.3.9.4.2.1.4.1.2.34.0"] = 2,
        ["11.2.3.9.4.2.1.2.2.1.44.0"] = 16_777_216,
        ["11.2.3.9.4.2.1.2.2.1.74.0"] = 3
    }, ("total", 100), ("mono", 60), ("color", 40), ("duplex", 20), ("jams", 2), ("scan.flatbed", 3));

    [Test]
    public Task Ricoh_by_type_whatever_the_row() => Reads("367.1.1", "RICOH MP", new()
    {
        ["367.3.2.1.2.19.1.0"] = 500,
        ["367.3.2.1.2.19.5.1.2.4"] = 201,
        ["367.3.2.1.2.19.5.1.9.4"] = 1,
        ["367.3.2.1.2.19.5.1.2.9"] = 203,
        ["367.3.2.1.2.19.5.1.9.9"] = 2,
        ["367.3.2.1.2.19.5.1.2.2"] = 401,
        ["367.3.2.1.2.19.5.1.9.2"] = 4,
        ["367.3.2.1.2.19.5.1.2.1"] = 403,
        ["367.3.2.1.2.19.5.1.9.1"] = 8,
        ["367.3.2.1.2.19.5.1.2.70"] = 870,
        ["367.3.2.1.2.19.5.1.9.70"] = 16,
        ["367.3.2.1.2.19.5.1.2.71"] = 871,
        ["367.3.2.1.2.19.5.1.9.71"] = 32
    }, ("total", 500), ("mono", 5), ("color", 10), ("copy.mono", 1), ("copy.color", 2), ("print.mono", 4), ("print.color", 8), ("scan", 48));

    [Test]
    public Task Canon_imageRunner() => Reads("1602.4.7", "Canon iR-ADV C5235 /P", new()
    {
        ["1602.1.11.1.3.1.4.101"] = 100,
        ["1602.1.11.1.3.1.4.108"] = 60,
        ["1602.1.11.1.3.1.4.112"] = 6,
        ["1602.1.11.1.3.1.4.113"] = 54,
        ["1602.1.11.1.3.1.4.122"] = 10,
        ["1602.1.11.1.3.1.4.123"] = 30,
        ["1602.1.11.1.3.1.4.301"] = 70,
        ["1602.1.11.1.3.1.4.501"] = 9
    }, ("total", 100), ("mono", 60), ("color", 40), ("a3.mono", 6), ("a3.color", 10), ("a4.mono", 54), ("a4.color", 30), ("print", 70), ("scan", 9));

    [Test]
    public Task Xerox() => Reads("253.8.62.1.35.2.3.1.1", "Xerox AltaLink C8045; SS 100.002", new()
    {
        ["253.8.53.13.2.1.6.1.20.1"] = 100,
        ["253.8.53.13.2.1.6.1.20.33"] = 40,
        ["253.8.53.13.2.1.6.1.20.34"] = 60,
        ["253.8.53.13.2.1.6.11.20.3"] = 5,
        ["253.8.53.13.2.1.6.11.20.25"] = 6,
        ["253.8.53.13.2.1.6.10.20.11"] = 7
    }, ("total", 100), ("mono", 60), ("color", 40), ("copy.mono", 5), ("copy.color", 6), ("scan.email", 7));

    [Test]
    public Task Lexmark_by_type_whatever_the_row() => Reads("641.1.71106749", "Lexmark T640 version X", new()
    {
        ["641.6.4.2.1.1.2.1.5"] = 2,
        ["641.6.4.2.1.1.4.1.5"] = 100,
        ["641.6.4.2.1.1.2.1.1"] = 3,
        ["641.6.4.2.1.1.4.1.1"] = 60,
        ["641.6.4.2.1.1.2.1.2"] = 33,
        ["641.6.4.2.1.1.4.1.2"] = 8,
        ["641.6.4.2.1.1.2.1.3"] = 50,
        ["641.6.4.2.1.1.4.1.3"] = 4
    }, ("total", 100), ("mono", 60), ("copy.mono", 8), ("fax.color", 4));

    [Test]
    public Task Epson_office() => Reads("1248.1.1.2.1.3", "EPSON Built-in", new()
    {
        ["1248.1.2.2.27.1.1.30.1.1"] = 100,
        ["1248.1.2.2.27.1.1.3.1.1"] = 60,
        ["1248.1.2.2.27.1.1.4.1.1"] = 40,
        ["1248.1.2.2.27.6.1.4.1.1.1"] = 70,
        ["1248.1.2.2.27.6.1.4.1.1.2"] = 30
    }, ("total", 100), ("mono", 60), ("color", 40), ("print", 70), ("copy", 30));

    [Test]
    public Task Sharp_in_another_language_is_not_guessed() => Reads("2385.3.1.112.1.2", "SHARP MX", new()
    {
        ["2385.1.1.19.2.1.3.5.4.61"] = 91164,
        ["2385.1.1.19.2.1.4.5.4.61"] = "Schwarzweiß gesamt"
    });

    [Test]
    public Task A_vendor_known_only_by_an_object_of_its_own() => Reads(null, null, new()
    {
        ["18334.1.1.1.5.7.2.1.1.0"] = 100
    }, ("total", 100));

    [Test]
    public Task Zebra_prints_length_and_no_pages() => Reads("10642.1.1", "Zebra Wired", new() { ["10642.200.17.3.0"] = 4711 }, ("length", 4711));

    private static readonly object[] OwnSupplies =
    [
        new object[] { "367.1.1", "RICOH MP", new Dictionary<string, object> { ["367.3.2.1.2.24.1.1.3.1"] = "black", ["367.3.2.1.2.24.1.1.5.1"] = 40, ["367.3.2.1.2.24.1.1.3.2"] = "cyan", ["367.3.2.1.2.24.1.1.5.2"] = -100 },
            new[] { ("ricoh.1", "black", "measured", (decimal?)40), ("ricoh.2", "cyan", "unknown", null) } },
        new object[] { "641.1.1", "Lexmark T640 version X", new Dictionary<string, object> { ["641.6.4.4.1.1.5.1.1"] = "Toner", ["641.6.4.4.1.1.14.1.1"] = 20000, ["641.6.4.4.1.1.16.1.1"] = 5000 },
            new[] { ("lexmark.1.1", "Toner", "measured", (decimal?)25) } },
        new object[] { "2001.1.1.1.1", "OKI OkiLAN 8450e", new Dictionary<string, object> { ["2001.1.1.1.1.100.3.1.1.3.1"] = 60 }, new[] { ("oki.toner.1", "Toner", "measured", (decimal?)60) } }
    ];

    [TestCaseSource(nameof(OwnSupplies))]
    public async Task A_vendors_own_supplies_are_read_where_the_standard_table_is_empty(string id, string descr, Dictionary<string, object> objects, (string, string, string, decimal?)[] supplies)
    {
        var device = Device(id, descr, objects);
        Assert.That((await device.ReadAsync()).Supplies.Select(s => (s.Slot, s.Description, s.State, s.Percent)), Is.EqualTo(supplies));
        Assert.That((await device.Supply("1.1", 20, 100).ReadAsync()).Supplies.Select(s => s.Slot), Is.EqualTo(new[] { "1.1" }), "one toner must not become two");
    }

    [TestCase("6f010400001c20ff", "brother.6f", 72, "Black toner, estimated")]
    [TestCase("810104000000508201040000001eff", "brother.6f", 80, "Black toner, in steps")]
    [TestCase("6f010400001c20810104000000 50ff", "brother.6f", 72, "Black toner, estimated", Description = "the finer one")]
    public async Task Brothers_toner_in_hundredths_else_in_steps(string block, string slot, int percent, string description)
    {
        var supplies = (await new PrintersDevice().Is("1.3.6.1.4.1.2435.2.3.9.1", "Brother NC-8300w").Has("1.3.6.1.4.1.2435.2.3.9.4.2.1.5.5.8.0", SnmpValue.OctetString(Convert.FromHexString(block.Replace(" ", "")))).ReadAsync()).Supplies;
        Assert.That(supplies.Where(s => s.Slot == slot).Select(s => (s.Percent, s.Description)), Is.EqualTo(new[] { ((decimal?)percent, description) }));
    }

    private static PrintersDevice Device(string sysObjectId, string sysDescr, Dictionary<string, object> objects)
    {
        var device = new PrintersDevice().Is(Enterprises + sysObjectId, sysDescr);
        foreach (var (oid, value) in objects) device.Has(Enterprises + oid, value is int number ? SnmpValue.Integer32(number) : SnmpValue.OctetString((string)value));
        return device;
    }

    private static async Task Reads(string? sysObjectId, string? sysDescr, Dictionary<string, object> objects, params (string Name, long Value)[] counters)
    {
        var device = new PrintersDevice();
        if (sysObjectId is not null) device.Is(Enterprises + sysObjectId, sysDescr!);
        foreach (var (oid, value) in objects) device.Has(Enterprises + oid, value is int number ? SnmpValue.Counter32((uint)number) : SnmpValue.OctetString((string)value));
        Assert.That((await device.ReadAsync()).Counters.Select(c => (c.Name, c.Value)), Is.EquivalentTo(counters));
    }
}

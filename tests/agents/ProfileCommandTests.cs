using System.Text.Json.Nodes;
using Fleet.Printers;

namespace Fleet.Agents.Tests;

public class ProfileCommandTests
{
    private const string Device = """
        1.3.6.1.2.1.1.1.0|4|Acme P1
        1.3.6.1.2.1.1.2.0|6|.1.3.6.1.4.1.99999.1
        1.3.6.1.2.1.2.2.1.6.1|4x|0017c8000001
        1.3.6.1.2.1.43.10.2.1.4.1.1|65:numeric|initial=4294967290,rate=1,wrap=1
        1.3.6.1.2.1.43.11.1.1.6.1.1|4x|546f6e657200
        1.3.6.1.2.1.43.11.1.1.8.1.1|2|100
        1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3
        1.3.6.1.4.1.99999.2.1|65|100
        1.3.6.1.4.1.99999.2.2|65|30
        1.3.6.1.4.1.99999.3.0|4|S-123
        """;

    private const string Acme = """
        { "name": "acme", "version": 3, "source": "its service manual", "manufacturer": "Acme", "match": [{ "sysObjectId": "1.3.6.1.4.1.99999" }],
          "serial": [{ "oid": "1.3.6.1.4.1.99999.3.0" }],
          "counters": [
            { "name": "mono", "unit": "impressions", "from": { "difference": [{ "oid": "1.3.6.1.4.1.99999.2.1" }, { "oid": "1.3.6.1.4.1.99999.2.2" }] }, "source": "page 7" },
            { "name": "scan", "unit": "impressions", "from": { "oid": "1.3.6.1.4.1.99999.2.9" } }
          ] }
        """;

    private string folder = "", capture = "";

    [SetUp]
    public void Create()
    {
        folder = AgentSamples.FreshDirectory();
        Directory.CreateDirectory(Path.Combine(folder, "profiles"));
        File.WriteAllText(Path.Combine(folder, "profiles", "acme.json"), Acme);
        File.WriteAllText(capture = Path.Combine(folder, "p1.snmprec"), Device);
    }

    [TearDown]
    public void Delete() => Directory.Delete(folder, recursive: true);

    [Test]
    public async Task A_profile_is_tried_on_a_capture_without_a_build()
    {
        var (code, output, _) = await TestAsync();
        Assert.That(code, Is.Zero);
        Assert.That(output, Does.StartWith("p1.snmprec: 10 objects, read with profile acme 3\n"));
        Assert.That(output, Does.Match("counters.mono +70 impressions").And.Match("counters.life +4294967290 unknown").And.Match("supplies.1.1 +some-remaining").And.Match("serial +S-123").And.Match("mac +00:17:c8:00:00:01"));
        Assert.That(output, Does.Contain("could not read:\n").And.Contain("counter scan: not there, 1.3.6.1.4.1.99999.2.9").And.Contain("model: none of 1 rules gave a text"));
        Assert.That(output, Does.Not.Contain("page 7"), "that is for --explain");
    }

    [Test]
    public async Task Explain_names_oid_formula_profile_version_and_source()
    {
        var (_, output, _) = await TestAsync("--explain");
        Assert.That(output, Does.Contain("at 1.3.6.1.4.1.99999.2.1-1.3.6.1.4.1.99999.2.2; 1.3.6.1.4.1.99999.2.1 less 1.3.6.1.4.1.99999.2.2; profile acme 3\n      page 7")
            .And.Contain("at 1.3.6.1.2.1.43.10.2.1.4.1.1; prtMarkerLifeCount in prtMarkerCounterUnit; profile generic 1")
            .And.Contain("profile acme: its service manual"));
    }

    [Test]
    public async Task What_no_profile_and_no_printer_table_matches_is_exit_1()
    {
        File.WriteAllText(capture, "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208\n");
        var (code, output, _) = await TestAsync();
        Assert.That((code, output), Is.EqualTo((1, output)));
        Assert.That(output, Does.Contain("no profile matches"));
    }

    [TestCase("""{ "serial": "@1.3.6.1.4.1.99999.3.0", "profile": { "name": "acme" }, "counters": [ { "name": "life" }, { "name": "mono", "value": 70.0 } ] }""", 0, "as p1.expect.json expects")]
    [TestCase("""{ "serial": "S-124" }""", 1, "serial: \"S-124\" expected, \"S-123\" found")]
    [TestCase("""{ "serial": "@1.3.6.1.2.1.1.1.0" }""", 1, "serial: what the capture holds at 1.3.6.1.2.1.1.1.0 expected")]
    [TestCase("""{ "counters": [ { "name": "life" } ] }""", 1, "counters: 1 expected, 2 found")]
    [TestCase("""{ "counters": [ {}, { "value": 71 } ] }""", 1, "counters[1].value: 71 expected, 70 found")]
    [TestCase("""{ "firmware": "1" }""", 1, "firmware: \"1\" expected, nothing found")]
    [TestCase("""{ "supplies": [ { "percent": null, "state": "some-remaining" } ], "mac": "@1.3.6.1.2.1.2.2.1.6.1", "trays": [] }""", 0, "as p1.expect.json expects")]
    [TestCase("{", 2, "p1.expect.json")]
    public async Task An_expectation_beside_the_capture_must_hold(string expectation, int exit, string says)
    {
        File.WriteAllText(Path.Combine(folder, "p1.expect.json"), expectation);
        var (code, output, errors) = await TestAsync();
        Assert.That(code, Is.EqualTo(exit), output + errors);
        Assert.That(output + errors, Does.Contain(says));
    }

    [TestCase("1.3.6|2|abc", "p1.snmprec:2")]
    [TestCase("nonsense", "p1.snmprec:2")]
    [TestCase("1.3.6|99|1", "p1.snmprec:2")]
    public async Task A_line_that_is_none_is_named(string line, string says)
    {
        File.WriteAllText(capture, "# a capture\n" + line + "\n");
        var (code, output, errors) = await TestAsync();
        Assert.That((code, output + errors), Is.EqualTo((2, output + errors)));
        Assert.That(output + errors, Does.Contain(says));
    }

    [Test]
    public async Task A_wrong_profile_is_named_by_file_line_and_member()
    {
        File.WriteAllText(Path.Combine(folder, "profiles", "acme.json"), Acme.Replace("99999.2.9", "99999.x", StringComparison.Ordinal));
        var (code, output, errors) = await TestAsync();
        Assert.That(code, Is.EqualTo(2));
        Assert.That(output + errors, Does.Contain("acme.json:5: counters[1].from.oid: '1.3.6.1.4.1.99999.x' does not look like"));
    }

    [Test]
    public async Task As_data_it_says_the_same()
    {
        var (_, output, _) = await TestAsync("--json");
        var tested = JsonNode.Parse(output)!;
        Assert.That(((bool)tested["holds"]!, (string?)tested["explained"]!["reading"]!["serial"], (long?)tested["explained"]!["reading"]!["counters"]![1]!["value"]), Is.EqualTo((true, "S-123", (long?)70)));
        Assert.That((string?)tested["explained"]!["evidence"]!.AsArray().Single(one => (string?)one!["what"] == "counters.mono")!["source"], Is.EqualTo("page 7"));
    }

    [Test]
    public async Task A_built_in_profile_needs_no_folder()
    {
        File.WriteAllText(capture, "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.51966.2.6\n1.3.6.1.2.1.1.1.0|4|TTP244CE Version: 7.02 EZD\n");
        Assert.That((await AgentProgram.RunAsync("profile", "test", capture)).Output, Does.Contain("read with profile tsc 1").And.Match("model +TTP244CE"));
    }

    /// <summary>Every value of a reading is explained, and by what it really comes from.</summary>
    [Test]
    public async Task Each_value_of_a_reading_has_its_evidence()
    {
        var explained = await Probe.ExplainAsync(Capture.Read(Device.Split('\n'), "p1"), Profiles.WithFolder(Path.Combine(folder, "profiles")));
        var whats = explained.Evidence.Select(one => one.What).ToList();
        Assert.That(whats, Is.EqualTo(new[] { "sysObjectId", "manufacturer", "serial", "mac", "counters.life", "counters.mono", "supplies.1.1" }));
        Assert.That(explained.Evidence.Where(one => one.What != "manufacturer").Select(one => one.Oid), Is.All.Not.Empty);
    }

    private Task<(int Code, string Output, string Errors)> TestAsync(params string[] more) =>
        AgentProgram.RunAsync(["profile", "test", capture, "--profiles", Path.Combine(folder, "profiles"), .. more]);
}

using System.Text.Json.Nodes;
using Fleet.Agent.Configuration;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using Fleet.Snmp;
using Fleet.Snmp.Usm;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>
/// The packed program is trimmed: what only reflection reaches is not in it. So each command is run for real, and what it says is looked at, not only how it ends. What it does for days,
/// tests/flows looks at.
/// </summary>
public class AgentTrimmedTests
{
    // Its supply's name is in windows-1251, which .NET keeps in a provider of its own; the profile says so.
    private const string Capture = """
        1.3.6.1.2.1.1.1.0|4|Acme P1
        1.3.6.1.2.1.1.2.0|6|.1.3.6.1.4.1.99999.1
        1.3.6.1.2.1.43.11.1.1.6.1.1|4x|d2eeede5f0
        1.3.6.1.2.1.43.11.1.1.8.1.1|2|100
        1.3.6.1.2.1.43.11.1.1.9.1.1|2|50
        1.3.6.1.4.1.99999.2.1|65|100
        1.3.6.1.4.1.99999.2.2|65|30
        1.3.6.1.4.1.99999.3.0|4|S-123
        """;

    private const string Acme = """
        { "name": "acme", "version": 3, "source": "its service manual", "manufacturer": "Acme", "charset": 2251, "match": [{ "sysObjectId": "1.3.6.1.4.1.99999" }],
          "serial": [{ "oid": "1.3.6.1.4.1.99999.3.0", "pattern": "(S-\\d+)" }],
          "counters": [{ "name": "mono", "unit": "impressions", "from": { "difference": [{ "oid": "1.3.6.1.4.1.99999.2.1" }, { "oid": "1.3.6.1.4.1.99999.2.2" }] }, "source": "page 7" }] }
        """;

    private static readonly Passphrase Auth = new("auth passphrase"), Priv = new("priv passphrase");

    private AgentPackage package = null!;

    [OneTimeSetUp]
    public async Task Make() => package = await AgentPackage.SharedAsync();

    [Test]
    public async Task It_holds_the_settings_it_was_built_with()
    {
        var program = await File.ReadAllBytesAsync(Path.Combine(package.Folder, "fleet-agent"));
        foreach (var setting in new[] { "\"System.Text.Json.JsonSerializer.IsReflectionEnabledByDefault\": false", "\"System.GC.Gen0MaxBudget\": 1048576", "\"System.GC.RegionSize\": 1048576", "\"System.GC.ConserveMemory\": 9", "\"System.Globalization.Invariant\": true" })
            Assert.That(program.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(setting)), Is.Positive, setting);
        Assert.That(program, Has.Length.LessThan(32_000_000), "trimmed; whole it has 95 MB");
    }

    [TestCase("", "enrol")]
    [TestCase("run", "--config")]
    [TestCase("probe", "--priv-file")]
    [TestCase("profile", "test")]
    [TestCase("profile test", "--explain")]
    [TestCase("enrol", "--proxy")]
    [TestCase("doctor", "--json")]
    [TestCase("transcript", "verify")]
    [TestCase("transcript verify", "--config")]
    [TestCase("transcript show", "--device")]
    [TestCase("page", "--config")]
    public async Task Each_command_says_what_it_can(string command, string word)
    {
        var (code, help) = await package.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.That((code, help), Is.EqualTo((0, help)));
        Assert.That(help, Does.Contain("Description:").And.Contain($"fleet-agent {command}".TrimEnd()).And.Contain(word));
    }

    [Test]
    public async Task It_knows_its_version() => Assert.That((await package.RunAsync("--version")).Output, Does.Match("^[0-9]+\\.[0-9]+\\.[0-9]+").And.Contain(Path.GetFileName(package.Folder).Split('-')[2]));

    [Test]
    public async Task A_capture_is_read_with_a_profile_of_a_folder_explained_and_held_against_what_is_expected()
    {
        var (capture, profiles) = (package.Put("p1.snmprec", Capture), Path.GetDirectoryName(package.Put("acme.json", Acme))!);
        package.Put("p1.expect.json", """{ "serial": "@1.3.6.1.4.1.99999.3.0", "supplies": [{ "percent": 50 }] }""");
        var (code, said) = await package.RunAsync("profile", "test", capture, "--profiles", await OnlyAsync(profiles, "acme.json"), "--explain");
        Assert.That(code, Is.Zero, said);
        Assert.That(said, Does.Contain("p1.snmprec: 8 objects, read with profile acme 3").And.Contain("page 7").And.Contain("first group of (S-").And.Contain("as p1.expect.json expects"));

        var (_, json) = await package.RunAsync("profile", "test", capture, "--profiles", await OnlyAsync(profiles, "acme.json"), "--json");
        var tested = JsonNode.Parse(json[json.IndexOf('{', StringComparison.Ordinal)..])!;
        var reading = tested["explained"]!["reading"]!;
        Assert.That((reading["serial"]!.GetValue<string>(), reading["counters"]![0]!["value"]!.GetValue<long>(), reading["outcome"]!.GetValue<string>(), tested["holds"]!.GetValue<bool>()), Is.EqualTo(("S-123", 70L, "Answered", true)));
        Assert.That((reading["supplies"]![0]!["percent"]!.GetValue<decimal>(), reading["supplies"]![0]!["description"]!.GetValue<string>()), Is.EqualTo((50m, "Тонер")));

        package.Put("p1.expect.json", """{ "serial": "S-124" }""");
        var (other, differs) = await package.RunAsync("profile", "test", capture, "--profiles", await OnlyAsync(profiles, "acme.json"));
        Assert.That((other, differs.Contains("\"S-124\" expected, \"S-123\" found", StringComparison.Ordinal)), Is.EqualTo((1, true)), differs);
    }

    [Test]
    public async Task What_is_wrong_in_a_file_is_named_by_member()
    {
        package.Put("broken.json", Acme.Replace("\"unit\"", "\"unti\"", StringComparison.Ordinal));
        var (profile, said) = await package.RunAsync("profile", "test", package.Put("p2.snmprec", Capture), "--profiles", await OnlyAsync(Path.GetDirectoryName(package.Archive) + "/..", "broken.json"));
        Assert.That((profile, said.Contains("broken.json:3: counters[0].unti: is no member a profile has", StringComparison.Ordinal)), Is.EqualTo((2, true)), said);
        foreach (var (wrong, words) in new[] { ("\"metersEvery\": \"0 6 * *\"", "metersEvery"), ("\"timeZone\": \"Europe/Nowhere\"", "is no time zone"), ("\"nobody\": 1", "nobody"), ("\"page\": { \"port\": \"x\" }", "page.port") })
        {
            var config = package.Put("wrong.json", $$"""{ "tenant": "acme", "site": "hq", "agentId": "a", "api": "https://fleet.example", "stateDir": "{{package.State}}", "broker": { "host": "mq" }, {{wrong}} }""");
            var (code, why) = await package.RunAsync("run", "--config", config);
            Assert.That((code, why.Contains(words, StringComparison.Ordinal)), Is.EqualTo((2, true)), why);
        }
    }

    [Test]
    public async Task A_printer_is_read_as_lines_as_data_and_as_a_card()
    {
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 1, TenantSplit.Parse("acme:1"), 18107), 0, SystemClock);
        var printer = printers.Manifest.Single();
        string[] probe = ["probe", printer.Address, "--port", $"{printer.Port}", "--community", printer.Community];
        var (_, json) = await package.RunAsync([.. probe, "--json", "--explain"]);
        var reading = JsonNode.Parse(json[json.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.That((reading["serial"]!.GetValue<string>(), reading["outcome"]!.GetValue<string>(), reading["profile"]!["name"]!.GetValue<string>().Length > 0), Is.EqualTo((printer.Serial, "Answered", true)), json);
        var total = reading["counters"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == "total")!["value"]!.GetValue<long>();
        Assert.That((total > 0, reading["supplies"]!.AsArray().Count > 0, reading["evidence"]!.AsArray().Count > 5), Is.EqualTo((true, true, true)));
        Assert.That((await package.RunAsync(probe)).Output, Does.Contain(printer.Serial).And.Match("total +[0-9,]+"));
        // A terminal by script(1): only there the card is drawn.
        var card = await package.ShAsync($"TERM=xterm script -qec '{package.Folder}/fleet-agent {string.Join(' ', probe)}' /dev/null");
        Assert.That(card, Does.Contain(printer.Serial).And.Contain("█").And.Contain("╭"));
    }

    private static IEnumerable<TestCaseData> Users()
    {
        foreach (var (word, auth) in new[] { ("MD5", UsmAuthProtocol.Md5), ("SHA", UsmAuthProtocol.Sha1), ("SHA-224", UsmAuthProtocol.Sha224), ("SHA-384", UsmAuthProtocol.Sha384), ("SHA-512", UsmAuthProtocol.Sha512) })
            yield return new(word, "AES", auth, UsmPrivProtocol.Aes128);
        foreach (var (word, priv) in new[] { ("DES", UsmPrivProtocol.Des), ("AES-192", UsmPrivProtocol.Aes192), ("AES-256", UsmPrivProtocol.Aes256), ("AES-192-C", UsmPrivProtocol.Aes192Reeder), ("AES-256-C", UsmPrivProtocol.Aes256Reeder) })
            yield return new("SHA-256", word, UsmAuthProtocol.Sha256, priv);
    }

    [TestCaseSource(nameof(Users))]
    public async Task Each_protocol_of_SNMPv3_is_spoken(string auth, string priv, UsmAuthProtocol authProtocol, UsmPrivProtocol privProtocol)
    {
        var held = new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "Kyocera").Has("1.3.6.1.2.1.43.5.1.1.17.1", "RVP0001").Supply("1.1", 50, 100);
        using var printer = new SnmpV3Device(held, SystemClock, new SnmpCredential.User("fleet", new(authProtocol, Auth), new(privProtocol, Priv)));
        var at = (System.Net.IPEndPoint)printer.Target().EndPoint;
        string[] asked = ["probe", "127.0.0.1", "--port", $"{at.Port}", "--user", "fleet", "--auth", auth, "--auth-file", package.Put("auth", "auth passphrase"), "--priv", priv, "--priv-file"];
        var (code, said) = await package.RunAsync([.. asked, package.Put("priv", "priv passphrase")]);
        Assert.That((code, said.Contains("RVP0001", StringComparison.Ordinal)), Is.EqualTo((0, true)), said);
        var (other, refused) = await package.RunAsync([.. asked, package.Put("priv", "another passphrase")]);
        Assert.That((other, refused.Contains("RVP0001", StringComparison.Ordinal)), Is.EqualTo((4, false)), refused);
    }

    [Test]
    public async Task It_is_enrolled_with_a_code_drawn_as_a_square_and_writes_its_configuration()
    {
        using var issuer = new AgentScriptedIssuer();
        issuer.GivesRegion().GivesCode(interval: 1).GivesTokens();
        var file = Path.Combine(Path.GetDirectoryName(package.State)!, "enrolled", "config.json");
        var said = await package.ShAsync($"TERM=xterm script -qec '{package.Folder}/fleet-agent enrol --api {issuer.Origin} --config {file}' /dev/null");
        Assert.That(said, Does.Contain("BCDF-GHJK").And.Contain("enrolled as agent acme-hq of acme/hq").And.Contain("▀"));
        var config = ReadConfig.From(file);
        Assert.That((config.Tenant, config.Broker.Host, config.ApiUrl, config.Ranges!.Count), Is.EqualTo(("acme", "mq.example", issuer.Origin, 0)));
        Assert.That(issuer.Asked.Last().Proof, Does.Match("^ey.+\\..+\\..+$"));
    }

    // A folder of profiles with nothing but this one in it.
    private async Task<string> OnlyAsync(string folder, string file)
    {
        var only = Path.Combine(folder, "profiles-" + file);
        await package.ShAsync($"mkdir -p {only} && cp {folder}/{file} {only}/");
        return only;
    }
}

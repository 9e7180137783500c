using System.Text.Json.Nodes;
using Fleet.Agent.Commands;
using Fleet.Printers;
using Fleet.Snmp;
using Spectre.Console;

namespace Fleet.Agents.Tests;

public class ProbeCommandTests
{
    private static readonly PrinterReading Reading = new(SnmpOutcome.Answered, new("acme", 3), IsPrinter: true, "1.3.6.1.4.1.99999", "Acme", "P[1]", "S-1", "2.0", "00:17:c8:00:00:01", "printer-1", "floor 1", new("warning", "idle", ["lowToner"]))
    {
        Counters = [new("total", 1234567, "impressions", "1.3.1")],
        Supplies =
        [
            new("1.1", "Black [XL]", "toner", "consumed", "black", "percent", "measured", 50, 100, 50m),
            new("1.2", "Cyan", "toner", "consumed", "cyan", "percent", "measured", 5, 100, 5m),
            new("1.3", "Waste", "wasteToner", "receptacle", null, "percent", "some-remaining"),
            new("1.4", "Belt", "other", "other", null, "percent", "measured", 7)
        ],
        Trays = [new("1.1", "Tray 1", ["available-idle"], "sheets", "measured", 125, 250), new("1.2", "", ["unavailable-broken"], "unknown", "unknown", null, null)],
        Covers = [new("1.1", "Front", IsOpen: true)],
        Alerts = [new("1.7", "critical", "mediaPath", 1, 8, "Paper jam"), new("1.8", "warning", "marker", 1, 1001, "")]
    };

    [Test]
    public void The_card_shows_everything_and_draws_bars_only_for_percentages()
    {
        var card = Card(colours: false);
        Assert.That(card, Does.Contain("Acme P[1]").And.Contain("S-1").And.Contain("00:17:c8:00:00:01").And.Contain("floor 1").And.Contain("acme 3").And.Contain("● warning, idle: lowToner"));
        Assert.That(card, Does.Contain("1,234,567"));
        Assert.That(Line(card, "Black [XL]"), Does.Contain("████████████░░░░░░░░░░░░").And.Contain("50 %"));
        Assert.That(Line(card, "Cyan"), Does.Contain("█░░░░░░░░░░░░░░░░░░░░░░░").And.Contain("5 %"));
        Assert.That(Line(card, "Waste"), Does.Not.Contain("█").And.Not.Contain("░").And.Contain("some left").And.Contain("space left"));
        Assert.That(Line(card, "Belt"), Does.Not.Contain("█").And.Not.Contain("%").And.Contain("7"), "a level without a scale");
        Assert.That(Line(card, "Tray 1"), Does.Contain("████████████░").And.Contain("125 of 250 sheets"));
        Assert.That(Line(card, "tray 1.2"), Does.Contain("unknown").And.Contain("unavailable-broken"));
        Assert.That(Line(card, "Front"), Does.Contain("open"));
        Assert.That(Line(card, "Paper jam"), Does.Contain("critical"));
        Assert.That(Line(card, "marker 1001"), Does.Contain("warning"), "an alert without words has its number");
    }

    [Test]
    public void Colours_are_the_supplys_own_and_low_is_red()
    {
        var card = Card(colours: true);
        Assert.That(Line(card, "Cyan"), Does.Contain("\e[96m█").And.Contain("\e[91m5 %"));
        Assert.That(Line(card, "Black [XL]"), Does.Contain("\e[37m█").And.Not.Contain("\e[91m"));
    }

    [Test]
    public void Half_a_reading_says_so() =>
        Assert.That(Printed(Reading with { Outcome = SnmpOutcome.TimedOut }, colours: false), Does.Contain("not whole").And.Contain("it does not answer"));

    [Test]
    public async Task Piped_it_is_plain_lines_and_as_data_the_same()
    {
        using var device = SnmpScriptedDevice.Holding(new PrintersDevice().Is("1.3.6.1.4.1.1347.41", "KYOCERA").Has("1.3.6.1.4.1.1347.43.5.1.1.28.1", "S-1").Supply("1.1", 20, 100, "TK-1"));
        var (code, output, _) = await ProbeAsync(device);
        Assert.That((code, output.Any(c => c is '\e' or '│' or '█')), Is.EqualTo((0, false)));
        Assert.That(output, Does.StartWith("Kyocera ? at 127.0.0.1\n").And.Contain("serial S-1").And.Match("supply +1.1 +20 % toner +TK-1"));
        Assert.That((await ProbeAsync(device, "--explain")).Output, Does.Contain("at 1.3.6.1.4.1.1347.43.5.1.1.28.1; as it stands; profile kyocera"));

        var data = JsonNode.Parse((await ProbeAsync(device, "--json", "--explain")).Output)!;
        Assert.That(((string?)data["serial"], (decimal?)data["supplies"]![0]!["percent"]), Is.EqualTo(("S-1", (decimal?)20)));
        Assert.That(data["evidence"]!.AsArray().Select(one => (string?)one!["what"]), Does.Contain("serial").And.Contain("supplies.1.1"));
    }

    [Test]
    public async Task What_is_no_printer_is_said_to_be_what_it_is()
    {
        using var device = SnmpScriptedDevice.Holding(new PrintersDevice().Is("1.3.6.1.4.1.9.1.1208", "Cisco"));
        var (code, output, errors) = await ProbeAsync(device);
        Assert.That((code, output), Is.EqualTo((6, "")));
        Assert.That(errors, Does.Contain("127.0.0.1 answers SNMP and is no printer: it is a switch"));
    }

    [Test]
    public async Task Silence_is_explained_with_what_to_look_at()
    {
        using var device = new SnmpScriptedDevice(_ => []);
        var (code, output, errors) = await ProbeAsync(device);
        Assert.That((code, output), Is.EqualTo((4, "")));
        Assert.That(errors, Does.Contain("does not answer").And.Contain("firewall").And.Contain("A wrong community is met with silence as well").And.Not.Contain("public"));
    }

    [Test]
    public async Task A_wrong_community_is_told_from_a_dead_device_where_SNMPv3_answers()
    {
        using var device = new SnmpV3Device(new PrintersDevice(), AgentSamples.SystemClock);
        var (code, _, errors) = await AgentProgram.RunAsync("probe", "127.0.0.1", "--port", device.Target(SnmpCredential.V3("anybody")).EndPoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--community", "s3cret");
        Assert.That(code, Is.EqualTo(4));
        Assert.That(errors, Does.Contain("the community is another there").And.Not.Contain("s3cret"));
    }

    [Test]
    public async Task A_name_nobody_knows_is_one_line()
    {
        var (code, output, _) = await AgentProgram.RunAsync("probe", "no_such..name");
        Assert.That((code, output), Is.EqualTo((2, output)));
        Assert.That(output, Does.Contain("'no_such..name' is no IP address, and no address is known"));
    }

    private static Task<(int Code, string Output, string Errors)> ProbeAsync(SnmpScriptedDevice device, params string[] more) =>
        AgentProgram.RunAsync(["probe", "127.0.0.1", "--port", device.EndPoint.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), .. more]);

    private static string Card(bool colours) => Printed(Reading, colours);

    private static string Printed(PrinterReading reading, bool colours)
    {
        var words = new StringWriter();
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(words), Ansi = colours ? AnsiSupport.Yes : AnsiSupport.No, ColorSystem = colours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors });
        console.Profile.Width = 120;
        console.Profile.Capabilities.Unicode = true;
        console.Write(ProbeCard.Of("192.0.2.7", reading));
        return words.ToString();
    }

    private static string Line(string card, string holding) => card.Split('\n').First(line => line.Contains(holding, StringComparison.Ordinal));
}

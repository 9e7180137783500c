using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Fleet.Cli.Local;
using Fleet.Snmp;
using Fleet.Testing;

namespace Fleet.Flows.Tests.Installed;

/// <summary>
/// ./fleet agent pack -> enrol -> run: discovery, poll, batch -> AMQPS -> the gate -> API; page, traps, copies, transcript and doctor beside it. The packed program is trimmed, so what only
/// reflection reaches is not in it: at each step what it says is looked at, not only how it ends.
/// </summary>
public class InstalledAgentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<string> _log = [];
    private InstalledSite _site = null!;
    private Process? _agent;

    [SetUp]
    public async Task Install()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64) Assert.Ignore("the package is for linux-x64, and this is another system");
        _site = await InstalledSite.OpenAsync();
    }

    [TearDown]
    public async Task Remove()
    {
        if (_agent is { HasExited: false }) _agent.Kill();
        _agent?.Dispose();
        lock (_log) TestContext.Out.WriteLine(string.Join('\n', _log));
        if (_site is not null) await _site.DisposeAsync();
    }

    [Test]
    public async Task The_installed_agent_does_all_an_agent_does()
    {
        await LetInAsync();
        var traps = FreeUdpPort();
        await ConfigureAsync(traps);
        _agent = Run();
        await ReportedAsync();
        await ShownAsync();
        await CalledAsync(traps);
        await AskedBesideAsync();
        await EndedAsync();
    }

    private async Task LetInAsync()
    {
        using var enrol = _site.Start("enrol", "--api", _site.Origin, "--config", _site.ConfigFile, "--ca", (await SharedServers.StartedAsync()).Broker.CaFile, "--json");
        var code = JsonNode.Parse((await enrol.StandardOutput.ReadLineAsync().WaitAsync(Patience))!)!["userCode"]!.GetValue<string>();
        using var approved = await _site.Boss.PostAsJsonAsync("/api/v1/tenants/acme/enrolments", new { userCode = code, site = "hq" });
        Assert.That(approved.StatusCode, Is.EqualTo(HttpStatusCode.Created), await approved.Content.ReadAsStringAsync());
        var enrolled = JsonNode.Parse((await enrol.StandardOutput.ReadLineAsync().WaitAsync(Patience))!)!;
        await enrol.WaitForExitAsync().WaitAsync(Patience);
        Assert.That((enrol.ExitCode, enrolled["agentId"]!.GetValue<string>(), enrolled["differences"]!.AsArray().Count), Is.EqualTo((0, "acme-hq", 0)), enrolled.ToJsonString());
    }

    private Task ConfigureAsync(int traps) => _site.ConfigureAsync(config =>
    {
        config["broker"]!["vhost"] = _site.Service.Place.VirtualHost;
        config["ranges"] = new JsonArray(new JsonObject { ["addresses"] = string.Join(", ", _site.Devices.Manifest.Select(printer => printer.Address)), ["port"] = _site.Devices.Port });
        config["credentials"] = new JsonObject { ["alarms"] = new JsonObject { ["version"] = "v2c", ["community"] = new JsonObject { ["file"] = Secret("alarms") } } };
        config["traps"] = new JsonObject { ["credentials"] = new JsonArray("alarms"), ["port"] = traps, ["address"] = "127.0.0.1" };
        (config["timeZone"], config["discoverEvery"], config["metersEvery"], config["suppliesEvery"], config["alertsEvery"]) = ("Europe/Vienna", "0 5 * * 1-5", "0 6 * * *", "6h", "6h");
        (config["copyTo"], config["page"]) = (_site.In("copies"), new JsonObject { ["port"] = Ports.Free() });
    });

    private async Task ReportedAsync() => await Eventually.IsAsync($"{InstalledSite.Printers} devices with counters and supplies at the API", async () =>
    {
        Assert.That(_agent!.HasExited, Is.False, "the agent ended");
        return (await _site.Boss.AllAsync("/api/v1/tenants/acme/devices")).Where(device => device["counters"]!.AsArray().Count > 0).Select(device => device["serial"]!.GetValue<string>()).Order().ToList();
    }, serials => serials.SequenceEqual(_site.Devices.Manifest.Select(printer => printer.Serial).Order()), Patience);

    private async Task ShownAsync()
    {
        using var page = new InstalledPage(new(await _site.RunAsync(0, "page", "--config", _site.ConfigFile)));
        await page.SignInAsync();
        var serial = _site.Devices.Manifest[0].Serial;
        foreach (var (path, word) in new[] { ("/", "acme-hq"), ("/devices", serial), ("/sent", "meter-read"), ("/asked", "1.3.6.1.2.1"), ("/consents", "counters"), ("/ranges", _site.Devices.Manifest[0].Address), ("/style.css", "font") })
            Assert.That(await page.GetAsync(path), Does.Contain(word), path);
        await page.SwitchAsync("supplies", "off");
        Assert.That(await File.ReadAllTextAsync(Path.Combine(State, "withheld.json")), Does.Contain("\"group\":\"supplies\""));
        await page.SwitchAsync("supplies", "on");
        Assert.That(await File.ReadAllTextAsync(Path.Combine(State, "withheld.json")), Is.EqualTo("[]"));
    }

    // Its next turn is hours away: what is asked of the device after the call is asked because of it.
    private async Task CalledAsync(int traps)
    {
        var device = _site.Devices.Manifest[1].Address;
        var before = await LinesOfAsync(device);
        using var caller = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        caller.Bind(new IPEndPoint(IPAddress.Parse(device), 0));
        caller.SendTo(Trap, new IPEndPoint(IPAddress.Loopback, traps));
        await Eventually.IsAsync("a visit after a trap", () => LinesOfAsync(device), lines => lines > before, Patience);
    }

    private async Task AskedBesideAsync()
    {
        var findings = JsonNode.Parse(await _site.RunAsync(0, "doctor", "--config", _site.ConfigFile, "--json"))!.AsArray();
        Assert.That(findings.Select(finding => finding!["check"]!.GetValue<string>()), Is.SupersetOf(new[] { "dns", "time", "token", "grant", "broker", "state", "snmp" }));
        Assert.That(findings.Select(finding => finding!["isWell"]!.GetValue<bool>()), Has.None.False);
    }

    private async Task EndedAsync()
    {
        Assert.That(kill(_agent!.Id, 15), Is.Zero);
        await _agent.WaitForExitAsync().WaitAsync(Patience);
        Assert.That(_agent.ExitCode, Is.Zero);
        Assert.That(await _site.RunAsync(0, "transcript", "verify", "--config", _site.ConfigFile), Does.Match("^[0-9]+ lines hold\n$"));
        Assert.That(await _site.RunAsync(0, "transcript", "show", "--config", _site.ConfigFile), Does.Contain("supplies switched off at this site").And.Contain($"asked {_site.Devices.Manifest[0].Address}"));
        var (lines, rows) = (await CopiedAsync("jsonl"), await CopiedAsync("csv"));
        var serials = lines.Select(line => JsonNode.Parse(line)!["data"]!["device"]?["serial"]?.GetValue<string>()).Distinct();
        Assert.That(serials, Is.SupersetOf(_site.Devices.Manifest.Select(printer => printer.Serial)));
        Assert.That(rows[0], Does.EndWith("time,type,batch,grant,manufacturer,serial,mac,address,device,name,value,unit,detail"));
        Assert.That(rows.Count(row => row.Contains(",total,", StringComparison.Ordinal) && row.Contains("impressions", StringComparison.Ordinal)), Is.GreaterThanOrEqualTo(InstalledSite.Printers));
        Assert.That(await _site.RunAsync(0, "doctor", "--config", _site.ConfigFile), Does.Contain("ok    token").And.Contain("ok    snmp"));
    }

    private string State => _site.In("state");

    private Process Run()
    {
        var agent = _site.Start("run", "--config", _site.ConfigFile);
        void Keep(object _, DataReceivedEventArgs line) { lock (_log) if (line.Data is { } said) _log.Add(said); }
        agent.OutputDataReceived += Keep;
        agent.ErrorDataReceived += Keep;
        agent.BeginOutputReadLine();
        agent.BeginErrorReadLine();
        return agent;
    }

    private async Task<int> LinesOfAsync(string device) =>
        (await _site.RunAsync(0, "transcript", "show", "--config", _site.ConfigFile, "--device", device)).Count(one => one == '\n');

    private async Task<string[]> CopiedAsync(string kind) =>
        [.. (await Task.WhenAll(Directory.GetFiles(_site.In("copies"), $"*.{kind}").Order(StringComparer.Ordinal).Select(file => File.ReadAllLinesAsync(file)))).SelectMany(lines => lines)];

    private string Secret(string text)
    {
        File.WriteAllText(_site.In(text), text);
        return _site.In(text);
    }

    private static int FreeUdpPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static byte[] Trap => new SnmpMessage(SnmpVersion.V2C, "alarms"u8.ToArray(), new(PduType.Trap, 1, 0, 0,
        [new(Oid.Parse("1.3.6.1.2.1.1.3.0"), SnmpValue.TimeTicks(1)), new(Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), SnmpValue.Oid(Oid.Parse("1.3.6.1.6.3.1.1.5.1")))])).Encode();

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}

using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Fleet.Agent.Configuration;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.Simulator.Printers;
using Fleet.Simulator.Serving;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>The archive customers install from: whole, what it says it is, and at work as a user who may do nothing.</summary>
public class AgentPackageTests
{
    private AgentPackage package = null!;

    [OneTimeSetUp]
    public async Task Make() => package = await AgentPackage.SharedAsync();

    [Test]
    public async Task It_holds_what_its_sums_say_and_no_virtual_printer()
    {
        Assert.That(await package.ShAsync($"cd {package.Folder} && sha256sum -c SHA256SUMS | grep -vc ': OK$' || true"), Is.EqualTo("0\n"));
        Assert.That(await package.ShAsync($"cd {Path.GetDirectoryName(package.Archive)} && sha256sum -c *.sha256"), Does.Contain("OK"));
        Assert.That(Directory.GetFiles(package.Folder).Select(Path.GetFileName), Is.EquivalentTo(new[]
        {
            "fleet-agent", "libe_sqlite3.so", "profile.schema.json", "fleet-agent.service", "fleet-agent.sysusers", "traps-162.conf", "backoff.conf", "install.sh", "uninstall.sh",
            "config.example.json", "README.md", "LICENSE", "THIRD-PARTY.md", "SHA256SUMS"
        }));
        var program = await File.ReadAllBytesAsync(Path.Combine(package.Folder, "fleet-agent"));
        Assert.That((program.AsSpan().IndexOf("Fleet.Printers"u8) > 0, program.AsSpan().IndexOf("Fleet.Simulator"u8), program.AsSpan().IndexOf("fleet-simulator"u8)), Is.EqualTo((true, -1, -1)));
    }

    [Test]
    public async Task It_starts_as_nobody_from_a_folder_nobody_may_write_to_and_reads_a_printer()
    {
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 1, TenantSplit.Parse("acme:1"), 18107), 0, SystemClock);
        var printer = printers.Manifest.Single();
        var (code, help) = await package.RunAsync("--help");
        Assert.That(code, Is.Zero, help);
        Assert.That(help, Does.Contain("transcript").And.Not.Contain("backfill"));
        var (read, card) = await package.RunAsync("probe", printer.Address, "--port", $"{printer.Port}", "--community", printer.Community);
        Assert.That(read, Is.Zero, card);
        Assert.That(card, Does.Contain(printer.Serial));
    }

    [Test]
    public async Task It_runs_as_the_unit_runs_it_tells_systemd_how_it_is_and_writes_into_its_state_directory_only()
    {
        await using var rabbit = await TestRabbitMq.OpenAsync(SystemClock);
        await using var edge = await AgentBroker.OpenAsync(rabbit.Broker);
        await using var printers = await RunningPrinters.StartAsync(PlacedPrinter.Place(9, 2, TenantSplit.Parse("acme:1"), 18117), 0, SystemClock);
        using var systemd = Listen(out var path);
        var config = edge.Config with
        {
            Targets = [.. printers.Manifest.Select(entry => new TargetConfig(entry.Address, entry.Port, entry.Community))],
            StateDir = Path.Combine(package.State, "agent"),
            SecretFile = package.Put("secret", edge.Issuer.Secret),
            Broker = edge.Config.Broker with { CaFile = package.Put("ca.pem", await File.ReadAllTextAsync(edge.Config.Broker.CaFile!)) }
        };
        var file = package.Put("config.json", JsonSerializer.Serialize(config, JsonSerializerOptions.Web));
        using var agent = package.Start(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path, ["WATCHDOG_USEC"] = "2000000" }, "run", "--config", file);
        var log = agent.StandardOutput.ReadToEndAsync();

        var told = new List<string>();
        await Eventually(() => Told(systemd, told).Any(line => line.StartsWith("WATCHDOG=1\nSTATUS=", StringComparison.Ordinal) && !line.Contains("STATUS=0 events sent", StringComparison.Ordinal)), "a beat that tells of events sent", 60);
        var status = await package.ShAsync($"cat /proc/{agent.Id}/status");
        Assert.That(kill(agent.Id, 15), Is.Zero);
        await agent.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(40));
        Assert.That(agent.ExitCode, Is.Zero, await log);
        Told(systemd, told);
        Assert.That((told[0], told.Count(line => line.StartsWith("WATCHDOG=1", StringComparison.Ordinal)) >= 2, told.Contains("STOPPING=1")), Is.EqualTo(("READY=1", true, true)), string.Join('\n', told));
        Assert.That((await edge.ArrivedAsync()).Count, Is.Positive);
        Assert.That(status, Does.Match(@"NoNewPrivs:\s+1"));
        if (File.Exists("/usr/bin/python3") && File.Exists("/usr/bin/systemd-analyze")) Assert.That(status, Does.Match(@"Seccomp:\s+2"), "under the unit's own filter");
        if (Environment.IsPrivilegedProcess) Assert.That(status, Does.Match(@"Uid:\s+65534\s+65534").And.Match(@"CapBnd:\s+0+\n").And.Match(@"CapEff:\s+0+\n"));
        Assert.That(await package.ShAsync($"find {package.Folder} -newer {file} | wc -l"), Is.EqualTo("0\n"));

        Socket Listen(out string at)
        {
            at = Path.Combine(package.State, "notify");
            var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Bind(new UnixDomainSocketEndPoint(at));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(at, (UnixFileMode)0b110_110_110);
            return socket;
        }
    }

    [Test]
    public async Task Under_the_units_limits_it_cannot_write_anywhere_else_however_open_that_is()
    {
        if ((await Shell.RunAsync(["unshare", "--mount", "true"])).Code != 0) Assert.Ignore("no mount namespace can be made here (root and CAP_SYS_ADMIN): a read-only file system was not imitated");
        var elsewhere = Directory.CreateDirectory(Path.Combine(package.State, "..", "elsewhere")).FullName;
        await package.ShAsync($"chmod 777 {elsewhere}");
        var config = Config(elsewhere) with { SecretFile = package.Put("secret", "x") };
        var (code, said) = await package.RunAsync("run", "--config", package.Put("config.json", JsonSerializer.Serialize(config, JsonSerializerOptions.Web)));
        Assert.That((code, said.Contains("Read-only file system", StringComparison.Ordinal)), Is.EqualTo((3, true)), said);
    }

    [Test]
    public async Task The_installer_puts_everything_in_its_place_and_nothing_that_was_not_packed()
    {
        var root = Directory.CreateDirectory(Path.Combine(package.State, "..", "root")).FullName;
        var said = await package.ShAsync($"sh {package.Folder}/install.sh --root {root}");
        Assert.That(said, Does.Contain("systemctl enable --now fleet-agent"));
        Assert.That(await package.ShAsync($"cd {root} && find . -type f -printf '%m %p\\n' | grep -E 'fleet-agent$|service$|sysusers|libe' | sort"),
            Is.EqualTo("644 ./etc/systemd/system/fleet-agent.service\n644 ./opt/fleet-agent/libe_sqlite3.so\n644 ./usr/lib/sysusers.d/fleet-agent.conf\n755 ./opt/fleet-agent/fleet-agent\n"));

        var spoilt = await package.UnpackAsync("spoilt");
        await File.AppendAllTextAsync(Path.Combine(spoilt, "libe_sqlite3.so"), "x");
        var (code, refused) = await Shell.RunAsync(["sh", Path.Combine(spoilt, "install.sh"), "--root", root]);
        Assert.That((code, refused.Contains("not those that were packed", StringComparison.Ordinal)), Is.EqualTo((1, true)), refused);
    }

    private static List<string> Told(Socket systemd, List<string> told)
    {
        for (var buffer = new byte[4096]; systemd.Poll(TimeSpan.Zero, SelectMode.SelectRead);) told.Add(Encoding.UTF8.GetString(buffer, 0, systemd.Receive(buffer)));
        return told;
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}

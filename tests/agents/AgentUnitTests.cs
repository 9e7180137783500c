using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Fleet.Agent.Configuration;
using Fleet.Cli.Local;
using Fleet.Cli.Up;

namespace Fleet.Agents.Tests;

/// <summary>The files the agent is installed with: a unit systemd understands and that allows little, an example that reads, licences of everything inside.</summary>
public partial class AgentUnitTests
{
    // Of 10, lower is safer; what is left is the network it exists for and the compiler of .NET.
    private const double MostExposed = 1.4;

    private static readonly string Packaging = Path.Combine(Programs.Repository, "agents", "agent", "packaging");

    private string work = "";

    [SetUp]
    public void Make() => work = Directory.CreateTempSubdirectory("fleet-unit-test-").FullName;

    [TearDown]
    public void Remove() => Directory.Delete(work, recursive: true);

    [Test]
    public async Task Systemd_understands_every_word_of_the_unit_also_with_the_right_to_port_162()
    {
        Assert.That(await VerifyAsync(Unit), Is.Empty);
        Assert.That(await VerifyAsync(Unit + DropIn("traps-162.conf")), Is.Empty);
        Assert.That(await VerifyAsync(Unit.Replace("NoNewPrivileges=", "NoNewPrivilege=", StringComparison.Ordinal)), Does.Contain("'NoNewPrivilege'"), "the twin");
    }

    [Test]
    public async Task The_unit_exposes_next_to_nothing()
    {
        Assert.That(await ExposureAsync(Unit), Is.LessThanOrEqualTo(MostExposed));
        foreach (var line in new[] { "NoNewPrivileges=yes\n", "CapabilityBoundingSet=\n", "ProtectSystem=strict\n", "SystemCallFilter=@system-service\n", "PrivateUsers=yes\n" })
            Assert.That(await ExposureAsync(Unit.Replace(line, "", StringComparison.Ordinal)), Is.GreaterThan(MostExposed), $"without {line}");
    }

    [Test]
    public void The_example_is_a_configuration_once_its_secrets_are_there()
    {
        var secret = Path.Combine(work, "community");
        File.WriteAllText(secret, "public");
        var example = File.ReadAllText(Path.Combine(Packaging, "config.example.json"));
        var config = ReadConfig.Parse(example.Replace("/etc/fleet-agent/community", secret, StringComparison.Ordinal));
        Assert.That(Unit, Does.Contain($"StateDirectory={Path.GetFileName(config.StateDir)}").And.Contain($"WorkingDirectory={config.StateDir}"));
    }

    [Test]
    public void Every_package_in_the_program_stands_with_its_licence()
    {
        var listed = File.ReadAllText(Path.Combine(Packaging, "THIRD-PARTY.md"));
        string[] projects = ["agents/agent/Fleet.Agent.csproj", "agents/printers/Fleet.Printers.csproj", "agents/snmp/Fleet.Snmp.csproj", "contracts/Fleet.Contracts.csproj"];
        var used = projects.SelectMany(file => XDocument.Load(Path.Combine(Programs.Repository, file)).Descendants("PackageReference"))
            .Where(reference => (string?)reference.Attribute("ExcludeAssets") != "all")      // named to be left out of the program
            .Select(reference => (string)reference.Attribute("Include")!).ToList();
        Assert.That(used, Has.Count.GreaterThan(5));
        Assert.That(used.Where(name => !listed.Contains($"| {name} ", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Every_container_of_our_own_programs_is_read_only_without_capabilities_and_new_privileges()
    {
        var compose = File.ReadAllText(Path.Combine(Programs.Repository, "docker-compose.yml"));
        var services = Services(compose);
        Assert.That(services, Has.Count.GreaterThan(10));
        Assert.That(services.Where(service => !IsConfined(service)), Is.Empty);
        foreach (var line in new[] { "read_only: true", "cap_drop: [ALL]", "no-new-privileges:true" }) Assert.That(compose.Split("x-program:")[0], Does.Contain(line));
        Assert.That(Services(compose.Replace("  agent-acme:\n    <<: *confined\n", "  agent-acme:\n", StringComparison.Ordinal)).Count(service => !IsConfined(service)), Is.EqualTo(1), "the twin");

        static List<string> Services(string text) => [.. Regex.Split(text.Split("\nservices:\n")[1].Split("\nnetworks:\n")[0], "\n(?=  [a-z-]+:\n)").Where(service => service.Contains("image: fleet/", StringComparison.Ordinal))];
        static bool IsConfined(string service) => Regex.IsMatch(service, @"<<: \*(confined|program|service)\n") && !service.Contains("read_only: false", StringComparison.Ordinal);
    }

    private static string Unit => File.ReadAllText(Path.Combine(Packaging, "fleet-agent.service")).Replace("/opt/fleet-agent/fleet-agent", "/bin/true", StringComparison.Ordinal);

    private static string DropIn(string name) => $"\n{File.ReadAllText(Path.Combine(Packaging, name))}";

    private async Task<string> VerifyAsync(string unit) => (await AnalyzeAsync(unit, "verify")).Output.Trim();

    private async Task<double> ExposureAsync(string unit)
    {
        var (_, output) = await AnalyzeAsync(unit, "security", "--offline=true", "--no-pager");
        var level = Exposure().Match(output);
        Assert.That(level.Success, Is.True, output);
        return double.Parse(level.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    private async Task<(int Code, string Output)> AnalyzeAsync(string unit, params string[] words)
    {
        var file = Path.Combine(work, "fleet-agent.service");
        await File.WriteAllTextAsync(file, unit);
        var analyzed = await Shell.RunAsync(["systemd-analyze", .. words, file], new Dictionary<string, string> { ["SYSTEMD_COLORS"] = "0" });
        if (analyzed.Code == 127) Assert.Ignore("systemd-analyze is not here (package systemd): the unit was not looked at");
        return analyzed;
    }

    [GeneratedRegex("Overall exposure level for [^:]*: ([0-9.]+)")]
    private static partial Regex Exposure();
}

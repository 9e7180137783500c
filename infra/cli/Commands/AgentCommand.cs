using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Packing;
using Fleet.Cli.Up;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet agent pack</c>: the archive a customer installs from.</summary>
public static class AgentCommand
{
    public static Command Build() => new("agent", "The edge agent as customers get it") { Pack() };

    private static Command Pack()
    {
        var rid = new Option<string>("--rid") { Description = "For which system: linux-x64, win-x64, linux-arm64 … (.NET runtime identifier)", HelpName = "RID", DefaultValueFactory = _ => PackAgent.Linux };
        var output = new Option<string>("--out") { Description = "Where to put it", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine(Programs.Repository, "artifacts", "packages") };
        var json = Options.Json();
        var command = new Command("pack", "Build the agent as a single self-contained file and pack it with its systemd unit, an example configuration, licence and SHA-256 sums") { rid, output, json };
        command.SetAction(async (parsed, stop) =>
        {
            var package = await PackAgent.RunAsync(parsed.GetRequiredValue(rid), Path.GetFullPath(parsed.GetRequiredValue(output)), stop);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(package, JsonSerializerOptions.Web) : $"{package.File}  {package.Bytes / 1_000_000.0:0.0} MB  sha256 {package.Sha256}");
            return ExitCode.Ok;
        });
        return command;
    }
}

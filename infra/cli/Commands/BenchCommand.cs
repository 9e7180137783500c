using System.CommandLine;
using System.Diagnostics;
using Fleet.Cli.Local;
using Fleet.Cli.Testing;
using Fleet.Cli.Up;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet bench [NAME]</c>: side-by-side figures as a table, and as JSON under artifacts/.</summary>
public static class BenchCommand
{
    public static Command Build(TimeProvider clock)
    {
        var name = new Argument<string?>("NAME") { Description = "Which (store, snmp, …); all without", Arity = ArgumentArity.ZeroOrOne };
        var json = Options.Json();
        var command = new Command("bench", "Measure, side by side with the limit in the same run") { name, json };
        command.SetAction((parsed, stop) => RunAsync(parsed.GetValue(name), parsed.GetValue(json), clock, stop));
        return command;
    }

    private static async Task<int> RunAsync(string? name, bool json, TimeProvider clock, CancellationToken stop)
    {
        var project = Path.Combine(Programs.Repository, "tests", "benchmarks");
        if (!Directory.Exists(project))
            throw new FleetException("No benchmarks", project, "there is nothing to run");
        await using var servers = await SharedServers.StartAsync(Path.Combine(Programs.Repository, "artifacts", "test"), clock);
        string?[] words = ["run", "-c", "Release", "--project", project, "--", name, json ? "--json" : null];
        var start = new ProcessStartInfo("dotnet", words.OfType<string>()) { WorkingDirectory = Programs.Repository };
        foreach (var (variable, value) in servers.Environment)
            start.Environment[variable] = value;
        using var process = Process.Start(start)!; // on our own terminal: its table is the output
        await process.WaitForExitAsync(stop);
        return process.ExitCode;
    }
}

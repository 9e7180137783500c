using System.CommandLine;
using System.Diagnostics;
using Fleet.Cli.Local;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Commands;

/// <summary>
/// <c>./fleet tenant export|import|close|reopen|leave</c>: moving a tenant between regions. services/host does it, with the settings it was started with: each module's data is reached by that module's own
/// role, and no login sees all of it. Data on stdin and stdout, progress on stderr.
/// </summary>
public static class TenantCommand
{
    public static Command Build()
    {
        var tenant = new Argument<string>("T") { Description = "The tenant's id" };
        var to = new Option<string>("--to") { Description = "The region it goes to", HelpName = "R", Required = true };
        var region = new Option<string>("--region") { Description = "The region of this state: where it shall live", HelpName = "R", Required = true };
        var keys = new Option<FileInfo?>("--keys") { Description = "Public keys of the exporting region (its /.well-known/fleet-region-keys); without, those in the file FLEET_REGIONS names", HelpName = "FILE" };
        var @for = new Option<string?>("--for") { Description = "The one region that shall be able to open it; without, the one the tenant is closed for, and when it is not, any region of the file FLEET_REGIONS names", HelpName = "R" };
        var theirs = new Option<FileInfo?>("--keys") { Description = "Public keys of that region (its /.well-known/fleet-region-keys); without, those in the file FLEET_REGIONS names", HelpName = "FILE" };
        var file = new Option<FileInfo>("--export") { Description = "The export it leaves with; read whole, and compared with what is here", HelpName = "FILE", Required = true };
        var now = new Option<bool>("--now") { Description = "Do not wait for the end of its agents' tokens: what they send under them is refused" };
        return new("tenant", "Move a tenant between regions; see infra/runbooks/a-tenant-moves-to-another-region.md")
        {
            Of("export", "Write all there is of a tenant to stdout, signed: ./fleet tenant export T > file", [tenant, @for, theirs],
                parsed => [parsed.GetRequiredValue(tenant), .. parsed.GetValue(@for) is { } one ? new[] { "--for", one } : [], .. KeysOf(parsed, theirs)]),
            Of("import", "Read a tenant from stdin, all of it or nothing: ./fleet tenant import --region R < file", [region, keys], parsed => ["--region", parsed.GetRequiredValue(region), .. KeysOf(parsed, keys)]),
            Of("close", "Before an export to leave with: no more writes and tokens for the tenant; it can still be read", [tenant, to], parsed => [parsed.GetRequiredValue(tenant), "--to", parsed.GetRequiredValue(to)]),
            Of("reopen", "Take a close back: the tenant stays", [tenant], parsed => [parsed.GetRequiredValue(tenant)]),
            Of("leave", "Remove a closed tenant that has been exported: 410 and a signed tombstone from then on", [tenant, to, file, now],
                parsed => [parsed.GetRequiredValue(tenant), "--to", parsed.GetRequiredValue(to), "--export", parsed.GetRequiredValue(file).FullName, .. parsed.GetValue(now) ? new[] { "--now" } : []]),
        };
    }

    private static string[] KeysOf(ParseResult parsed, Option<FileInfo?> keys) => parsed.GetValue(keys) is { } known ? ["--keys", known.FullName] : [];

    private static Command Of(string name, string meaning, IEnumerable<Symbol> takes, Func<ParseResult, IReadOnlyList<string>> words)
    {
        var state = Options.State();
        var command = new Command(name, meaning) { state };
        foreach (var symbol in takes)
            if (symbol is Argument argument)
                command.Arguments.Add(argument);
            else
                command.Options.Add((Option)symbol);
        command.SetAction((parsed, stop) => RunAsync(parsed.StateOf(state), [name, .. words(parsed)], stop));
        return command;
    }

    private static async Task<int> RunAsync(StateDirectory directory, IReadOnlyList<string> words, CancellationToken stop)
    {
        _ = FleetState.Require(directory);
        var programs = await Programs.BuildAsync(Console.Error.WriteLine, stop);
        var start = new ProcessStartInfo("dotnet", [programs.Host, "tenant", .. words]) { Environment = { ["FLEET_SETTINGS"] = directory.HostSettings } };
        using var process = Process.Start(start) ?? throw new FleetException("Could not start", programs.Host, "dotnet gave no process");
        await using var onStop = stop.Register(() => process.Kill(entireProcessTree: true));
        await process.WaitForExitAsync(CancellationToken.None);
        return process.ExitCode == 0 ? ExitCode.Ok : ExitCode.Failed;
    }
}

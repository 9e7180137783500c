using System.CommandLine;
using Fleet.Agent.Configuration;
using Fleet.Agent.Transcribing;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent transcript verify|show</c>: what was asked and sent, for the customer whose devices they are. Works beside a running agent.</summary>
internal static class TranscriptCommand
{
    public static Command Build(Surroundings around, TextWriter output) =>
        new("transcript", "Every OID that was asked and every byte that was sent") { Verify(around, output), Show(around, output) };

    private static Command Verify(Surroundings around, TextWriter output)
    {
        var config = Options.Config();
        var command = new Command("verify", "Follow the chain of hashes from the first line to the last; exit 1 names the first line that does not hold") { config };
        command.SetAction((parsed, _) => RunCommand.GuardAsync(around, () =>
        {
            var check = CheckTranscript.Of(Folder(parsed.GetValue(config)!));
            output.WriteLine(check.Fault is { } fault
                ? $"{check.Lines} lines hold, then {fault}"
                : $"{check.Lines} lines hold{(check.First > 1 ? $"; the record begins with line {check.First}, what came before was removed for its age" : "")}");
            return Task.FromResult(check.Fault is null ? ExitCodes.Ok : ExitCodes.NotAsExpected);
        }));
        return command;
    }

    private static Command Show(Surroundings around, TextWriter output)
    {
        var config = Options.Config();
        var device = new Option<string?>("--device") { Description = "Only what was asked of this address", HelpName = "ADDRESS" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only from then on, UTC unless it names an offset" };
        var until = new Option<DateTimeOffset?>("--to") { Description = "Only before then" };
        var command = new Command("show", "In words, oldest first") { config, device, from, until };
        command.SetAction((parsed, stop) => RunCommand.GuardAsync(around, () =>
        {
            var telling = new TellTranscript(parsed.GetValue(device), parsed.GetValue(from), parsed.GetValue(until));
            foreach (var line in telling.Of(Folder(parsed.GetValue(config)!)))
            {
                if (stop.IsCancellationRequested) break;
                output.WriteLine(line);
            }
            return Task.FromResult(ExitCodes.Ok);
        }));
        return command;
    }

    private static string Folder(string config)
    {
        var folder = Path.Combine(ReadConfig.From(config).StateDir, Transcript.FolderName);
        return Directory.Exists(folder) ? folder : throw new ConfigException($"{folder}: there is no transcript; the agent has not run here");
    }
}

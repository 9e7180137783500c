using System.CommandLine;
using System.Globalization;
using Fleet.Agent.Configuration;
using Fleet.Agent.Enrolling;
using Fleet.Agent.Keeping;
using Fleet.Agent.Spooling;
using Fleet.Agent.Supervising;
using Microsoft.Data.Sqlite;

namespace Fleet.Agent.Commands;

/// <summary><c>fleet-agent run</c>.</summary>
internal static class RunCommand
{
    public static Command Build(Surroundings around)
    {
        var config = Options.Config();
        var command = new Command("run", "Read the printers of a site and report them, until Ctrl-C or SIGTERM") { config };
        command.SetAction((parsed, stop) => GuardAsync(around, async () =>
        {
            var settings = ReadConfig.From(parsed.GetValue(config)!);
            if (settings is { Targets: null or [], Ranges: null or [] }) around.Log.Warn($"{parsed.GetValue(config)}: targets and ranges: name no device; only the agent's own health is reported");
            if (settings.ClientId is null) _ = Enrolment.Of(settings);
            else _ = ReadConfig.Secret(settings);
            using var spool = AgentRun.OpenSpool(settings, around);
            await new ServiceManager(Environment.GetEnvironmentVariable, around.Clock).WhileAsync(cancel => AgentRun.RunAsync(settings, spool, around, cancel), () => Status(spool.Tally), stop);
            return ExitCodes.Ok;
        }));
        return command;
    }

    private static string Status(Tally tally) => string.Create(CultureInfo.InvariantCulture, $"{tally.Sent} events sent, {tally.Kept} kept, {tally.Refused} refused");

    /// <summary>What is wrong outside becomes one line and an exit code; anything else is a bug and shows itself.</summary>
    public static async Task<int> GuardAsync(Surroundings around, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (ConfigException wrong)
        {
            around.Log.Error(wrong.Message);
            return ExitCodes.Usage;
        }
        catch (Exception held) when (held is StateException or IOException or UnauthorizedAccessException or SqliteException)
        {
            around.Log.Error($"stateDir: {held.Message}");
            return ExitCodes.StateHeld;
        }
    }
}

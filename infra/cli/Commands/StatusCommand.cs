using System.CommandLine;
using System.Text.Json;
using Fleet.Cli.Demo;
using Fleet.Cli.State;
using Spectre.Console;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet status</c>: exit 0 when all is well, 1 when a part is not, 3 when nothing runs.</summary>
public static class StatusCommand
{
    public static Command Build(TimeProvider clock)
    {
        var (state, json) = (Options.State(), Options.Json());
        var command = new Command("status", "What runs, where, and whether it is ready (exit 0 all well, 1 a part is not, 3 nothing runs)") { state, json };
        command.SetAction((parsed, stop) => RunAsync(parsed.StateOf(state), parsed.GetValue(json), clock, stop));
        return command;
    }

    private static async Task<int> RunAsync(StateDirectory directory, bool json, TimeProvider clock, CancellationToken stop)
    {
        var state = FleetState.Require(directory);
        var ready = await FleetApi.IsReadyAsync(state.Url, stop);
        var well = ready && state.Ready && state.Processes.All(process => process.Identity.IsAlive);
        if (json)
            Console.WriteLine(JsonSerializer.Serialize(new
            {
                state.Url,
                state.GrpcUrl,
                state.AmqpsPort,
                state.CaFile,
                state.Printers,
                state.StartedAt,
                ready,
                well,
                processes = state.Processes.Select(process => new { process.Name, process.Identity.Pid, alive = process.Identity.IsAlive, process.Log }),
                state.Containers
            }, JsonSerializerOptions.Web));
        else
            Print(state, ready, clock);
        return well ? ExitCode.Ok : ExitCode.Failed;
    }

    private static void Print(FleetState state, bool ready, TimeProvider clock)
    {
        AnsiConsole.MarkupLineInterpolated($"{state.Url}  {(ready ? "ready" : "not ready")}, up for {(clock.GetUtcNow() - state.StartedAt).TotalMinutes:0} min, {state.Printers} printers");
        foreach (var process in state.Processes)
            AnsiConsole.MarkupLineInterpolated($"  {process.Name,-18} {(process.Identity.IsAlive ? $"pid {process.Identity.Pid}" : "ended"),-12} {process.Log}");
        foreach (var container in state.Containers)
            AnsiConsole.MarkupLineInterpolated($"  {container}");
    }
}

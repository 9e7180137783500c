using System.CommandLine;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet down</c>: stops what runs and what was left over; data stays. Nothing to stop is fine.</summary>
public static class DownCommand
{
    public static Command Build(TimeProvider clock)
    {
        var state = Options.State();
        var command = new Command("down", "Stop everything; data stays in the state directory") { state };
        command.SetAction((parsed, _) => RunAsync(parsed.StateOf(state), clock));
        return command;
    }

    private static async Task<int> RunAsync(StateDirectory directory, TimeProvider clock)
    {
        var progress = new Progress(clock);
        if (!Directory.Exists(directory.Root))
        {
            progress.Say("nothing runs here");
            return ExitCode.Ok;
        }

        // One that is still starting lets go by itself, as it would on Ctrl-C; then it is ours to look after it.
        if (FleetState.Load(directory) is { Ready: false, IsRunning: true } starting)
            Signals.Send(starting.Launcher, Signal.Interrupt);
        using var held = await StateLock.TakeAsync(directory, TimeSpan.FromSeconds(60), clock);
        await Stop.AllAsync(directory, FleetState.Load(directory), clock, progress.Say);
        progress.Done("stopped; no process is left");
        return ExitCode.Ok;
    }
}

using Fleet.Cli.Commands;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>`up` without --detach: stays, and ends everything when asked to or when a part ends by itself.</summary>
public static class Foreground
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<int> WatchAsync(StateDirectory directory, FleetState state, Progress progress, TimeProvider clock, CancellationToken stop)
    {
        RecordedProcess? dead = null;
        try
        {
            while (dead is null)
            {
                await Task.Delay(Look, clock, stop);
                dead = state.Processes.FirstOrDefault(process => !process.Identity.IsAlive);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C or a signal: the way out we are waiting for
        }

        using var held = await StateLock.TakeAsync(directory, TimeSpan.FromSeconds(90), clock);
        if (dead is not null && FleetState.Load(directory) is { Processes.Count: 0 })
        {
            progress.Say("stopped by ./fleet down");
            return ExitCode.Ok;
        }

        await Stop.AllAsync(directory, state, clock, progress.Say);
        if (dead is null)
        {
            progress.Done("stopped; no process is left");
            return ExitCode.Ok;
        }

        throw new FleetException($"{dead.Name} ended by itself, the rest is stopped", dead.Log, Launch.LastLine(dead.Log));
    }
}

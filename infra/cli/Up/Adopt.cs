using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>What to do with what an earlier `up` left.</summary>
public static class Adopt
{
    /// <summary>It runs as a whole (its launcher may be dead): nothing to start.</summary>
    public static async Task<bool> IsWholeAsync(FleetState state, CancellationToken stop) =>
        state is { Ready: true, Processes.Count: > 0 } && state.Processes.All(process => process.Identity.IsAlive) && await FleetApi.IsReadyAsync(state.Url, stop);

    /// <summary>What runs must be what is asked for now: nobody shall believe in 48 printers where 24 answer.</summary>
    public static FleetState Fits(FleetState running, UpRequest request) =>
        running.Port == request.Port && running.Printers == request.Printers
            ? running
            : throw new FleetException(
                "Already running", $"port {running.Port}, {running.Printers} printers", "stop it with ./fleet down first, or choose another --state");

    /// <summary>It runs in parts, or a killed launcher left something: stop that first.</summary>
    public static async Task ClearAsync(StateDirectory directory, FleetState? state, Progress progress, TimeProvider clock)
    {
        if (state is not { IsRunning: true } && !Stop.Marked(directory).Any())
            return;
        progress.Say("an earlier start left something behind; stopping it first");
        await Stop.AllAsync(directory, state, clock, progress.Say);
    }
}

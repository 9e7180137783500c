using System.CommandLine;
using System.Runtime.InteropServices;
using Fleet.Cli.Demo;
using Fleet.Cli.Local;
using Fleet.Cli.Output;
using Fleet.Cli.State;
using Fleet.Cli.Up;

namespace Fleet.Cli.Commands;

/// <summary><c>./fleet up</c>: everything, with the demo.</summary>
public static class UpCommand
{
    public static Command Build(TimeProvider clock)
    {
        var printers = new Option<int>("--printers") { Description = "Virtual printers", HelpName = "N", DefaultValueFactory = _ => 24 };
        var port = new Option<int>("--port") { Description = "HTTP API; nine more ports follow it", HelpName = "P", DefaultValueFactory = _ => 8080 };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same printers", HelpName = "S", DefaultValueFactory = _ => 1 };
        var state = Options.State();
        var detach = new Option<bool>("--detach") { Description = "Return once it runs; stop it with ./fleet down" };
        var command = new Command("up", "Start everything: database, broker, services, virtual printers, agents, demo data") { printers, port, seed, state, detach };
        command.SetAction((parsed, _) => RunAsync(
            new(parsed.StateOf(state), parsed.GetValue(port), parsed.GetValue(printers), parsed.GetValue(seed)), parsed.GetValue(detach), clock));
        return command;
    }

    private static async Task<int> RunAsync(UpRequest request, bool detach, TimeProvider clock)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Cancel);
        void Cancel(PosixSignalContext signal)
        {
            signal.Cancel = true; // we stop in order, then exit
            stop.Cancel();
        }

        var progress = new Progress(clock);
        request.Directory.Create();
        FleetState state;
        using (await StateLock.TakeAsync(request.Directory, TimeSpan.FromSeconds(2), clock))
        {
            var before = FleetState.Load(request.Directory);
            if (before is not null && await Adopt.IsWholeAsync(before, stop.Token))
            {
                state = Adopt.Fits(before, request);
                progress.Say("already running");
            }
            else
            {
                await Adopt.ClearAsync(request.Directory, before, progress, clock);
                state = await StartAsync(request, progress, clock, stop.Token);
            }
        }

        Summary.Print(state, request.Directory, detach);
        return detach || state.Launcher.IsAlive && state.Launcher.Pid != Environment.ProcessId
            ? ExitCode.Ok
            : await Foreground.WatchAsync(request.Directory, state, progress, clock, stop.Token);
    }

    private static async Task<FleetState> StartAsync(UpRequest request, Progress progress, TimeProvider clock, CancellationToken stop)
    {
        try
        {
            return await Start.RunAsync(request, progress, clock, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw new InterruptedException();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FleetException.From("Cannot start", request.Directory.Root, cause);
        }
    }
}

/// <summary>Ctrl-C while starting: everything is stopped again already.</summary>
public sealed class InterruptedException() : Exception("Interrupted: stopped everything again");

using Fleet.Cli.Local;

namespace Fleet.Cli.State;

/// <summary>Stops everything of a state: what is recorded, in the order the data flows, then whatever else still carries its mark.</summary>
public static class Stop
{
    public static async Task AllAsync(StateDirectory directory, FleetState? state, TimeProvider clock, Action<string>? progress = null)
    {
        foreach (var process in (state?.Processes ?? []).Reverse()) // the last started feeds the first
            await OneAsync(process, clock, progress);
        foreach (var container in state?.Containers ?? [])
            await Containers.RemoveAsync(container);

        foreach (var leftover in Marked(directory))
        {
            progress?.Invoke($"stopping a leftover (pid {leftover.Pid})");
            await Signals.StopAsync(leftover, Signal.Terminate, TimeSpan.FromSeconds(10), clock);
        }

        (state is null ? null : state with { Ready = false, Processes = [], Containers = [] })?.Save(directory);
    }

    /// <summary>Every live process that was started for this state, recorded or not: a launcher killed between start and note leaves such.</summary>
    public static IEnumerable<ProcessIdentity> Marked(StateDirectory directory)
    {
        var mark = $"{Launch.Mark}={directory.Root}";
        return Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var pid) ? pid : 0)
            .Where(pid => pid > 1 && pid != Environment.ProcessId && EnvironmentOf(pid).Any(variable => variable == mark || variable.StartsWith(mark + "/", StringComparison.Ordinal)))
            .Select(ProcessIdentity.Of)
            .OfType<ProcessIdentity>()
            .ToList();
    }

    private static async Task OneAsync(RecordedProcess process, TimeProvider clock, Action<string>? progress)
    {
        if (!process.Identity.IsAlive)
            return;
        progress?.Invoke($"stopping {process.Name}");
        // PostgreSQL: SIGINT is its fast shutdown; SIGTERM would wait for every session to end by itself.
        var signal = process.Name == "postgres" ? Signal.Interrupt : Signal.Terminate;
        await Signals.StopAsync(process.Identity, signal, TimeSpan.FromSeconds(30), clock);
    }

    private static string[] EnvironmentOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return []; // ended, or another user's: not ours
        }
    }
}

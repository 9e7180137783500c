using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>Notes every process the moment it exists, so that a launcher killed at any point leaves nothing unknown.</summary>
public sealed class Record(StateDirectory directory, FleetState state)
{
    private readonly Lock _gate = new();

    public FleetState State { get; private set; } = state;

    public void Process(RecordedProcess process) => Change(state => state with { Processes = [.. state.Processes, process] });

    public void Container(string name) => Change(state => state with { Containers = [.. state.Containers, name] });

    public void Agents(AgentDoor door) => Change(state => state with { AmqpsPort = door.Port, CaFile = door.CaFile });

    public void Ready() => Change(state => state with { Ready = true });

    /// <summary>Throws when a recorded process has ended by itself: one line with the last thing it wrote.</summary>
    public void RequireAlive()
    {
        if (State.Processes.FirstOrDefault(process => !process.Identity.IsAlive) is { } dead)
            throw new FleetException($"{dead.Name} ended", dead.Log, Launch.LastLine(dead.Log));
    }

    private void Change(Func<FleetState, FleetState> change)
    {
        lock (_gate)
        {
            State = change(State);
            State.Save(directory);
        }
    }
}

using System.Text.Json;
using Fleet.Cli.Local;

namespace Fleet.Cli.State;

/// <summary>A process of this state: what `down` stops, `status` looks at and `logs` shows.</summary>
public sealed record RecordedProcess(string Name, ProcessIdentity Identity, string Log);

/// <summary>What runs, where, and who started it; the content of state.json, replaced whole at every change.</summary>
/// <param name="Ready">False while starting: a launcher that died in between leaves it so.</param>
/// <param name="Containers">Names of containers, when a server runs in a Docker engine.</param>
public sealed record FleetState(
    int Port, int Printers, string Url, string GrpcUrl, int AmqpsPort, string CaFile, DateTimeOffset StartedAt, bool Ready,
    ProcessIdentity Launcher, IReadOnlyList<RecordedProcess> Processes, IReadOnlyList<string> Containers)
{
    public bool IsRunning => Processes.Any(process => process.Identity.IsAlive) || Containers.Count > 0;

    /// <summary>The recorded state; null when nothing was started here. A file nobody can read is reported, not guessed at.</summary>
    public static FleetState? Load(StateDirectory directory)
    {
        if (!File.Exists(directory.StateFile))
            return null;
        try
        {
            return JsonSerializer.Deserialize<FleetState>(File.ReadAllText(directory.StateFile), Json);
        }
        catch (Exception cause) when (cause is JsonException or UnauthorizedAccessException)
        {
            throw FleetException.From("Cannot read the state", directory.StateFile, cause);
        }
    }

    /// <summary>The state of a running system, or one line saying that there is none.</summary>
    public static FleetState Require(StateDirectory directory) =>
        Load(directory) is { IsRunning: true } state ? state : throw new NotRunningException(directory);

    public void Save(StateDirectory directory) => PrivateFile.Write(directory.StateFile, JsonSerializer.Serialize(this, Json) + "\n");

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}

/// <summary>Asked about a system that does not run (exit code 3).</summary>
public sealed class NotRunningException(StateDirectory directory) : Exception($"Not running ({directory.Root}): start it with ./fleet up, or name its --state");

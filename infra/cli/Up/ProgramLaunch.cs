using Fleet.Cli.Local;
using Fleet.Cli.State;

namespace Fleet.Cli.Up;

/// <summary>Starts one of our own programs for a state and notes it.</summary>
public sealed class ProgramLaunch(StateDirectory directory, Record record)
{
    public void Dotnet(string name, string assembly, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var log = Path.Combine(directory.Logs, $"{name}.log");
        record.Process(new(name, Launch.Detached(["dotnet", assembly, .. arguments], environment, directory.Root, log), log));
    }
}

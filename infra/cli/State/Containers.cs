using Fleet.Cli.Local;

namespace Fleet.Cli.State;

/// <summary>The few words of the Docker command line used here.</summary>
public static class Containers
{
    public static async Task<bool> EngineAnswersAsync() => await Shell.OutputAsync("docker", "version", "--format", "{{.Server.Version}}") is not null;

    /// <summary>Stops a container in peace, then removes it; its data lies in the state directory. One that is gone already is fine.</summary>
    public static async Task RemoveAsync(string name)
    {
        await Shell.RunAsync(["docker", "stop", "--time", "20", name]);
        await Shell.RunAsync(["docker", "rm", "--force", name]);
    }

    public static async Task RunAsync(string name, IEnumerable<string> arguments)
    {
        await RemoveAsync(name);
        var (code, output) = await Shell.RunAsync(["docker", "run", "--detach", "--name", name, .. arguments]);
        if (code != 0)
            throw new FleetException("Docker cannot start a container", name, output);
    }
}

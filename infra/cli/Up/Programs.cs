using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Cli.Local;

namespace Fleet.Cli.Up;

/// <summary>
/// The programs a state runs, built once per version of the sources and kept apart under artifacts/run/{version}: a later build or test run
/// never changes a file a running system has open.
/// </summary>
public sealed record Programs(string Host, string Agent, string Simulator, string Backfill)
{
    /// <summary>Directory of the repository: the `./fleet` script says so, else the nearest one above us that holds the solution.</summary>
    public static readonly string Repository =
        Environment.GetEnvironmentVariable("FLEET_ROOT") ?? FindRoot(AppContext.BaseDirectory);

    private static readonly (string Name, string Project)[] Parts =
    [
        ("host", "services/host/Fleet.Host.csproj"), ("agent", "agents/agent/Fleet.Agent.csproj"), ("simulator", "agents/simulator/Fleet.Simulator.csproj"),
        ("backfill", "agents/backfill/Fleet.Backfill.csproj")
    ];

    private static readonly string[] Sources = ["agents", "contracts", "infra/defaults", "infra/eventstore", "services"];

    public static async Task<Programs> BuildAsync(Action<string> progress, CancellationToken stop)
    {
        var runs = Path.Combine(Repository, "artifacts", "run");
        var version = Path.Combine(runs, Version());
        try
        {
            if (!Directory.Exists(version))
                await BuildAsync(runs, version, progress, stop);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FleetException.From("Cannot keep the build", runs, cause);
        }

        return new(Path.Combine(version, "host", "Fleet.Host.dll"), Path.Combine(version, "agent", "fleet-agent.dll"), Path.Combine(version, "simulator", "fleet-simulator.dll"),
            Path.Combine(version, "backfill", "fleet-backfill.dll"));
    }

    private static async Task BuildAsync(string runs, string version, Action<string> progress, CancellationToken stop)
    {
        Directory.CreateDirectory(runs);
        var fresh = $"{version}.{Environment.ProcessId}";
        await BuildAsync(fresh, progress, stop);
        Publish(fresh, version);
        RemoveOld(runs, keep: version);
    }

    private static async Task BuildAsync(string target, Action<string> progress, CancellationToken stop)
    {
        progress("building the services, the agent, the simulator and the backfill (once per change of their sources)");
        // One build for all of them: a filter of the solution, so that what they share is looked at once.
        var filter = target + ".slnf";
        await File.WriteAllTextAsync(filter, JsonSerializer.Serialize(new
        {
            solution = new { path = Path.Combine(Repository, "Fleet.sln"), projects = Parts.Select(part => part.Project.Replace('/', '\\')) }
        }), stop);
        var (code, output) = await Shell.RunAsync(["dotnet", "build", filter, "-c", "Release", "-v", "q", "--nologo"], stop: stop);
        File.Delete(filter);
        if (code != 0)
            throw new FleetException("Build failed", "services/host, agents/*",
                output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? output);
        foreach (var (name, project) in Parts)
        {
            var built = Path.Combine(Repository, Path.GetDirectoryName(project)!, "bin", "Release", "net10.0");
            var copy = Path.Combine(target, name);
            Directory.CreateDirectory(copy);
            if (await Shell.OutputAsync("cp", "-R", built + "/.", copy) is null)
                throw new FleetException("Cannot copy the build", copy, "look at the free space and the rights there");
        }
    }

    private static void Publish(string fresh, string version)
    {
        try
        {
            Directory.Move(fresh, version);
        }
        catch (IOException) when (Directory.Exists(version))
        {
            Directory.Delete(fresh, recursive: true); // another ./fleet was first with the same sources
        }
    }

    // A system started earlier may still run from an older version: what it uses stays.
    private static void RemoveOld(string runs, string keep)
    {
        var commands = Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _))
            .Select(path => { try { return File.ReadAllText(path + "/cmdline"); } catch (IOException) { return ""; } }).ToList();
        foreach (var old in Directory.GetDirectories(runs).Where(path => path != keep && !IsBeingBuilt(path) && !commands.Any(command => command.Contains(path, StringComparison.Ordinal))))
            Directory.Delete(old, recursive: true);
    }

    // {version}.{pid}: another ./fleet fills it right now.
    private static bool IsBeingBuilt(string path) =>
        int.TryParse(Path.GetExtension(path).TrimStart('.'), CultureInfo.InvariantCulture, out var pid) && ProcessIdentity.Of(pid) is not null;

    private static string Version()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = Sources.SelectMany(source => Files(new DirectoryInfo(Path.Combine(Repository, source))))
            .Concat(new DirectoryInfo(Repository).EnumerateFiles("*.props")).Append(new FileInfo(Path.Combine(Repository, "global.json")));
        foreach (var file in files.OrderBy(file => file.FullName, StringComparer.Ordinal))
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{file.FullName}|{file.Length}|{file.LastWriteTimeUtc.Ticks}\n")));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static IEnumerable<FileInfo> Files(DirectoryInfo directory) =>
        directory.EnumerateFiles().Concat(directory.EnumerateDirectories()
            .Where(child => child.Name is not ("bin" or "obj" or "node_modules")).SelectMany(Files));

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "Fleet.sln")) ? directory
        : Path.GetDirectoryName(directory) is { } parent ? FindRoot(parent)
        : throw new FleetException("Not in the repository", AppContext.BaseDirectory, "run ./fleet from the repository");
}

using System.Globalization;
using Fleet.Cli.Local;
using Fleet.Cli.Up;

namespace Fleet.Cli.Packing;

// agents/agent -> dotnet publish, self-contained, trimmed, one file -> folder with unit, example, licence, sums -> fleet-agent-{version}-{rid}.tar.gz

/// <summary>What was made.</summary>
/// <param name="Sha256">Of the file, lower-case hex; it also stands in a file of the same name with <c>.sha256</c> behind it.</param>
public sealed record AgentPackage(string File, string Rid, long Bytes, string Sha256);

/// <summary>The agent as a customer gets it: one archive with everything that is needed to install it on a machine without .NET.</summary>
public static class PackAgent
{
    public const string Linux = "linux-x64";

    // What goes beside the program; the services of other systems than Linux are not known here.
    private static readonly string[] Everywhere = ["config.example.json", "README.md", "THIRD-PARTY.md"];
    private static readonly string[] WithSystemd = ["fleet-agent.service", "fleet-agent.sysusers", "traps-162.conf", "backoff.conf", "install.sh", "uninstall.sh"];

    /// <exception cref="FleetException">It does not build, for instance because the registry lacks that system's runtime.</exception>
    public static async Task<AgentPackage> RunAsync(string rid, string output, CancellationToken stop)
    {
        var source = Path.Combine(Programs.Repository, "agents", "agent");
        var work = Directory.CreateTempSubdirectory("fleet-pack-").FullName;
        try
        {
            var built = Path.Combine(work, "built");
            await PublishAsync(source, rid, built, stop);
            var version = await VersionAsync(source, stop);
            var name = $"fleet-agent-{version}-{rid}";
            var files = Directory.GetFiles(built).Where(IsProgram).Concat(Beside(source, rid))
                .Append(Path.Combine(Programs.Repository, "LICENSE")).ToDictionary(file => Path.GetFileName(file), File.ReadAllBytes, StringComparer.Ordinal);
            Directory.CreateDirectory(output);
            var (file, bytes, sum) = Archive.Write(Path.Combine(output, $"{name}.tar.gz"), name, files, await ChangedAsync(stop));
            return new(file, rid, bytes, sum);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FleetException.From("Cannot pack the agent", output, cause);
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // Its own obj and bin: restoring for one system must not disturb a build of the repository that goes on beside it.
    private static async Task PublishAsync(string source, string rid, string to, CancellationToken stop)
    {
        var artifacts = Path.Combine(Programs.Repository, "artifacts", "pack", rid);
        using var turn = await TurnAsync(Directory.CreateDirectory(artifacts).FullName, stop);
        var (code, output) = await Shell.RunAsync(
        [
            "dotnet", "publish", source, "-c", "Release", "-r", rid, "--self-contained", "-p:PublishSingleFile=true", "-p:DebugType=embedded",
            "--artifacts-path", artifacts, "-o", to, "-v", "q", "--nologo"
        ], stop: stop);
        if (code != 0) throw new FleetException("The agent does not build", rid, output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? output);
    }

    // Two at once would build into one folder: the second waits for the first, half an hour at most.
    private static async Task<FileStream> TurnAsync(string folder, CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return new(Path.Combine(folder, "turn"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 3600)
            {
                await Task.Delay(500, stop);
            }
        }
    }

    // The program, the SQLite library it loads from beside itself (unpacking one at each start wants a folder it may write to), and the schema of profiles.
    private static bool IsProgram(string file) => Path.GetFileName(file) is "fleet-agent" or "fleet-agent.exe" or "profile.schema.json" || Path.GetExtension(file) is ".so" or ".dll" or ".dylib";

    private static IEnumerable<string> Beside(string source, string rid) =>
        Everywhere.Concat(rid.StartsWith("linux", StringComparison.Ordinal) ? WithSystemd : []).Select(file => Path.Combine(source, "packaging", file));

    private static async Task<string> VersionAsync(string source, CancellationToken stop) =>
        (await Shell.RunAsync(["dotnet", "msbuild", source, "-getProperty:Version", "-nologo"], stop: stop)) is (0, var version) ? version.Trim() : throw new FleetException("No version", source, "see Directory.Build.props");

    // The same sources make the same archive: its files are as old as the last commit.
    private static async Task<DateTimeOffset> ChangedAsync(CancellationToken stop) =>
        await Shell.RunAsync(["git", "log", "-1", "--format=%ct"], directory: Programs.Repository, stop: stop) is (0, var seconds) && long.TryParse(seconds, CultureInfo.InvariantCulture, out var at)
            ? DateTimeOffset.FromUnixTimeSeconds(at)
            : DateTimeOffset.UnixEpoch;
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using Fleet.Cli.Local;
using Fleet.Cli.Packing;
using Fleet.Cli.Up;

namespace Fleet.Agents.Tests;

/// <summary>
/// What `./fleet agent pack` makes, unpacked into a folder nobody may write to, and run the way the unit runs it: as a user without rights, without capabilities, with a file system that is read-only but for
/// one directory.
/// </summary>
internal sealed class AgentPackage : IAsyncDisposable
{
    public const string Nobody = "65534";

    private const string Filter = "under-filter.py";

    private readonly string work = Directory.CreateTempSubdirectory("fleet-package-test-").FullName;

    /// <summary>The archive.</summary>
    public string Archive { get; private set; } = "";

    /// <summary>The folder that was in it.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>The one directory the agent may write to.</summary>
    public string State => Path.Combine(work, "state");

    private static Task<AgentPackage>? made;

    /// <summary>The one all tests look at: packing takes a minute or two.</summary>
    public static Task<AgentPackage> SharedAsync() => made ??= MakeAsync();

    private static async Task<AgentPackage> MakeAsync()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64) Assert.Ignore("the package is for linux-x64, and this is another system");
        var package = new AgentPackage();
        package.Archive = (await PackAgent.RunAsync(PackAgent.Linux, Path.Combine(package.work, "out"), CancellationToken.None)).File;
        package.Folder = await package.UnpackAsync("unpacked");
        Directory.CreateDirectory(package.State);
        File.Copy(Path.Combine(Programs.Repository, "tests", "agents", Filter), Path.Combine(package.work, Filter));
        await package.ShAsync($"chmod 755 {package.work} && chmod -R a-w {package.Folder} && if [ $(id -u) = 0 ]; then chown -R {Nobody}:{Nobody} {package.State}; fi");
        return package;
    }

    /// <summary>Unpacks it once more, for a test that spoils it.</summary>
    public async Task<string> UnpackAsync(string name)
    {
        var into = Directory.CreateDirectory(Path.Combine(work, name)).FullName;
        await ShAsync($"tar xzf {Archive} -C {into}");
        return Directory.GetDirectories(into).Single();
    }

    /// <summary>Writes a file the agent may read.</summary>
    public string Put(string name, string text)
    {
        var file = Path.Combine(work, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>Starts the packed program under the unit's limits, as far as this machine lets a test imitate them; the log says how far.</summary>
    public Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Confined, "sh", State, Path.Combine(Folder, "fleet-agent"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["filter"] = Path.Combine(work, Filter);
        start.Environment["unit"] = Path.Combine(Folder, "fleet-agent.service");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var program = Start(new Dictionary<string, string>(), arguments);
        var (output, errors) = (program.StandardOutput.ReadToEndAsync(), program.StandardError.ReadToEndAsync());
        await program.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (program.ExitCode, await output + await errors);
    }

    /// <summary>A line of shell that must succeed.</summary>
    public async Task<string> ShAsync(string line)
    {
        var (code, output) = await Shell.RunAsync(["/bin/sh", "-ec", line], directory: work);
        Assert.That(code, Is.Zero, $"{line}: {output}");
        return output;
    }

    /// <summary>Once every test has run.</summary>
    public static async Task RemoveAsync()
    {
        if (made is { IsCompletedSuccessfully: true }) await (await made).DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await ShAsync($"chmod -R u+w {work}; rm -rf {work}");

    // $1 is the state directory, the rest the command. As root: a mount namespace with everything read-only but that directory, then nobody without any capability. Otherwise without new privileges. Either way under the unit's own filter of system calls.
    private const string Confined = """
        state=$1; shift
        export state
        none="setpriv --no-new-privs"
        [ "$(id -u)" != 0 ] || none="$none --bounding-set=-all --inh-caps=-all --ambient-caps=-all --reuid 65534 --regid 65534 --clear-groups"
        if [ -e /usr/bin/python3 ] && command -v systemd-analyze >/dev/null; then none="$none /usr/bin/python3 $filter $unit"; else echo "the unit's filter of system calls was not imitated (python3, systemd)"; fi
        if unshare --mount true 2>/dev/null; then
          exec unshare --mount --ipc --propagation private sh -ec '
            mount --bind "$state" "$state"; mount -o remount,bind,ro /; mount -t proc -o subset=pid,hidepid=invisible proc /proc; cd "$state"; exec "$@"' sh $none "$@"
        fi
        echo "a read-only file system was not imitated (CAP_SYS_ADMIN)"
        exec $none "$@"
        """;
}

[SetUpFixture]
public class AgentPackages
{
    [OneTimeTearDown]
    public Task Remove() => AgentPackage.RemoveAsync();
}

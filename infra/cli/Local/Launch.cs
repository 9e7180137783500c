using System.Diagnostics;

namespace Fleet.Cli.Local;

/// <summary>Starts a process that outlives us: its own session (Ctrl-C is ours alone), output appended to a file.</summary>
public static class Launch
{
    /// <summary>Set in every process we start, so that what a killed launcher left behind can be found again.</summary>
    public const string Mark = "FLEET_STATE_MARK";

    public static ProcessIdentity Detached(IReadOnlyList<string> words, IReadOnlyDictionary<string, string> environment, string mark, string logFile)
    {
        Rotate(logFile);
        using (new FileStream(logFile, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = PrivateFile.Mode }))
        {
            // the file exists, readable by us alone, before the child writes to it
        }

        // setsid replaces itself by the command, and so do setpriv, unshare and rabbitmq-server: the pid stays the one we see here.
        var start = new ProcessStartInfo("/bin/sh", ["-c", """log=$1; shift; exec setsid "$@" >>"$log" 2>&1 </dev/null""", "fleet", logFile, .. words])
        {
            WorkingDirectory = "/"
        };
        start.Environment[Mark] = mark;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        return ProcessIdentity.Of(process.Id)
            ?? throw new FleetException($"Could not start {Path.GetFileName(words[0])}", logFile, LastLine(logFile));
    }

    /// <summary>The last line that says something: what to show when a process ended by itself.</summary>
    public static string LastLine(string logFile) =>
        File.Exists(logFile) ? File.ReadLines(logFile).LastOrDefault(line => line.Trim().Length > 0)?.Trim() ?? "it wrote nothing" : "it wrote nothing";

    private static void Rotate(string logFile)
    {
        const long limit = 16 << 20;
        if (File.Exists(logFile) && new FileInfo(logFile).Length > limit)
            File.Move(logFile, logFile + ".1", overwrite: true);
    }
}

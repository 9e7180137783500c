using System.ComponentModel;
using System.Diagnostics;

namespace Fleet.Cli.Local;

/// <summary>A short command run to its end.</summary>
public static class Shell
{
    /// <summary>What the command wrote, trimmed; null when it failed or does not exist.</summary>
    public static async Task<string?> OutputAsync(params string[] words)
    {
        var (code, output) = await RunAsync(words);
        return code == 0 ? output.Trim() : null;
    }

    /// <summary>Exit code (127 when there is no such command) and what it wrote on both channels.</summary>
    /// <param name="directory">The root unless told: the account a command runs as may not be able to enter ours.</param>
    /// <param name="stop">Kills the command and everything it started.</param>
    public static async Task<(int Code, string Output)> RunAsync(
        IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null, string directory = "/", CancellationToken stop = default)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = directory
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        try
        {
            using var process = Process.Start(start)!;
            await using var onStop = stop.Register(() => process.Kill(entireProcessTree: true));
            var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var error = process.StandardError.ReadToEndAsync(CancellationToken.None);
            process.StandardInput.Close();
            await process.WaitForExitAsync(CancellationToken.None);
            stop.ThrowIfCancellationRequested();
            return (process.ExitCode, await output + await error);
        }
        catch (Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}

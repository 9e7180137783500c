using System.ComponentModel;
using System.Diagnostics;

namespace Fleet.Cli.Local;

/// <summary>A short command run to its end.</summary>
public static class Command
{
    /// <summary>What the command wrote, trimmed; null when it failed or does not exist.</summary>
    public static async Task<string?> OutputAsync(params string[] words)
    {
        var (code, output) = await RunAsync(words);
        return code == 0 ? output.Trim() : null;
    }

    /// <summary>Exit code (127 when there is no such command) and what it wrote on both channels.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IReadOnlyList<string> words, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = "/" // the account may not be able to enter ours
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;

        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await error);
        }
        catch (Win32Exception missing)
        {
            return (127, missing.Message);
        }
    }
}

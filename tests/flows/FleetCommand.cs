using System.Diagnostics;

namespace Fleet.Flows.Tests;

/// <summary>The script as a user runs it.</summary>
internal static class FleetCommand
{
    public static readonly string Repository = Find(TestContext.CurrentContext.TestDirectory);

    public static async Task<(int Exit, string Output, string Error)> RunAsync(TimeSpan patience, params string[] arguments)
    {
        using var process = Process.Start(StartOf(arguments))!;
        using var limit = new CancellationTokenSource(patience);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"./fleet {string.Join(' ', arguments)} was not done after {patience.TotalSeconds:0} s");
        }
    }

    /// <summary>The output of a run that must succeed.</summary>
    public static async Task<string> OutputAsync(TimeSpan patience, params string[] arguments)
    {
        var (exit, output, error) = await RunAsync(patience, arguments);
        Assert.That(exit, Is.Zero, $"./fleet {string.Join(' ', arguments)}\n{output}\n{error}");
        return output.Trim();
    }

    /// <summary>One that stays. Ends it, with all it started, when disposed.</summary>
    public static RunningCommand Start(params string[] arguments) => new(Process.Start(StartOf(arguments))!);

    private static ProcessStartInfo StartOf(string[] arguments) => new(Path.Combine(Repository, "fleet"), arguments)
    {
        WorkingDirectory = Repository,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    private static string Find(string directory) =>
        File.Exists(Path.Combine(directory, "Fleet.sln")) ? directory : Find(Path.GetDirectoryName(directory)!);
}

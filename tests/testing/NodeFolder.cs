using System.Diagnostics;
using NUnit.Framework;

namespace Fleet.Testing;

/// <summary>
/// A folder beside the tests (<c>package.json</c>, its lock file, scripts) with its packages installed by <c>npm ci</c>, in a copy of its own:
/// for clients other people use. Without Node.js the test is ignored; on a build server (CI=true) it fails.
/// </summary>
public sealed class NodeFolder : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _copy;

    private NodeFolder(DirectoryInfo copy) => _copy = copy;

    /// <param name="name">Of a folder whose files are copied to the output directory.</param>
    public static async Task<NodeFolder> InstallAsync(string name)
    {
        var copy = Directory.CreateTempSubdirectory($"fleet-{name}-");
        foreach (var file in Directory.GetFiles(Path.Combine(TestContext.CurrentContext.TestDirectory, name)))
            File.Copy(file, Path.Combine(copy.FullName, Path.GetFileName(file)));
        var folder = new NodeFolder(copy);
        try
        {
            await folder.RunAsync("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
            return folder;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            folder.Dispose();
            if (Environment.GetEnvironmentVariable("CI") == "true")
                throw;
            Assert.Ignore($"Node.js or its packages are not to be had: {e.Message}");
            throw;
        }
    }

    /// <summary>What the tool wrote to its standard output.</summary>
    /// <exception cref="InvalidOperationException">It ended with another code than 0.</exception>
    public Task<string> RunAsync(string tool, params string[] arguments) => RunAsync(tool, _ => Task.CompletedTask, arguments, firstLine: false);

    /// <summary>The same, for a tool that says a line and then waits for something to be done about it.</summary>
    /// <param name="answer">Given its first line.</param>
    /// <returns>What it wrote after that line.</returns>
    public Task<string> RunAsync(string tool, Func<string, Task> answer, params string[] arguments) => RunAsync(tool, answer, arguments, firstLine: true);

    /// <summary>The same, for a tool that says many lines and waits after each for a line on its standard input.</summary>
    /// <param name="answer">Given a line: what to say to it; null: it was the last one.</param>
    /// <returns>The line nothing was said to.</returns>
    public async Task<string> TalkAsync(string tool, Func<string, Task<string?>> answer, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments) { WorkingDirectory = _copy.FullName, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                var line = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} ended: {await errors}");
                if (await answer(line) is not { } said)
                    return line;
                await process.StandardInput.WriteLineAsync(said.AsMemory(), patience.Token);
                await process.StandardInput.FlushAsync(patience.Token);
            }
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private async Task<string> RunAsync(string tool, Func<string, Task> answer, string[] arguments, bool firstLine)
    {
        using var process = Process.Start(new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = _copy.FullName,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        if (firstLine)
            await answer(await process.StandardOutput.ReadLineAsync(patience.Token) ?? "");
        var output = process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)}: {await output}{await errors}");
    }

    public void Dispose() => _copy.Delete(recursive: true);
}

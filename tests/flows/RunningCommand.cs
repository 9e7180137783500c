using System.Collections.Concurrent;
using System.Diagnostics;
using Fleet.Cli.Local;

namespace Fleet.Flows.Tests;

/// <summary>A `./fleet` that stays in the foreground, with what it has said so far.</summary>
internal sealed class RunningCommand : IDisposable
{
    private readonly Process _process;
    private readonly BlockingCollection<string> _lines = [];
    private readonly List<string> _said = [];

    public RunningCommand(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _lines.Add(line.Data ?? "(end of output)");
        process.ErrorDataReceived += (_, line) => _lines.Add(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public void WaitForLine(string part, TimeSpan patience)
    {
        for (var began = Stopwatch.StartNew(); began.Elapsed < patience && _lines.TryTake(out var line, patience - began.Elapsed);)
        {
            _said.Add(line);
            if (line.Contains(part, StringComparison.Ordinal))
                return;
        }
        throw new TimeoutException($"no line with '{part}' within {patience.TotalSeconds:0} s:\n{string.Join('\n', _said)}");
    }

    public void Send(Signal signal) => Signals.Send(ProcessIdentity.Of(_process.Id)!, signal);

    /// <returns>The exit code.</returns>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
        _lines.Dispose();
    }
}

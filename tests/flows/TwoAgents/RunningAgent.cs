using System.Security.Cryptography;
using Fleet.Agent;
using Fleet.Agent.Configuration;
using Fleet.Agent.Spooling;
using Fleet.Testing;

namespace Fleet.Flows.Tests.TwoAgents;

/// <summary>One of the two, in this process, with a state directory and a way to the API of its own.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly StringWriter _log = new();
    private readonly Spool _spool;
    private readonly string _grant;
    private readonly Task _running;

    public RunningAgent(AgentConfig config, Wire wire, TimeProvider clock)
    {
        (Wire, _grant) = (wire, Path.Combine(config.StateDir, "grant.json"));
        var around = new Surroundings(clock, bytes => RandomNumberGenerator.Fill(bytes), new AgentLog(TextWriter.Synchronized(_log), clock));
        _spool = AgentRun.OpenSpool(config, around);
        _running = Task.Run(() => AgentRun.RunAsync(config, _spool, around, _stop.Token));
    }

    public Wire Wire { get; }

    public Tally Tally => _spool.Tally;

    public string Log
    {
        get { lock (_log) return _log.ToString(); }
    }

    /// <summary>It was told that another agent waits, and remembers it over a restart.</summary>
    public bool KnowsOfAnother => File.ReadAllText(_grant).Contains("\"AnotherWaits\":true", StringComparison.Ordinal);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Ending.OneAsync("the agent's stop", _running);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await TestContext.Out.WriteLineAsync(Log);
        _spool.Dispose();
        _stop.Dispose();
        await _log.DisposeAsync();
        Wire.Dispose();
    }
}

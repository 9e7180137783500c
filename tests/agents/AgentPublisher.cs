using Fleet.Agent.Configuration;
using Fleet.Agent.Publishing;
using Fleet.Agent.Spooling;
using static Fleet.Agents.Tests.AgentSamples;

namespace Fleet.Agents.Tests;

/// <summary>The publishing half of an agent, running until it is disposed, and what it logs.</summary>
internal sealed class AgentPublisher : IAsyncDisposable
{
    private readonly StringWriter lines = new();
    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient http;
    private readonly TokenSource tokens;

    /// <param name="untilEmpty">Ends once everything is confirmed.</param>
    public AgentPublisher(AgentConfig config, Spool spool, bool untilEmpty = false, HearControl? control = null)
    {
        var (trust, log) = (ServerTrust.From(config.Broker.CaFile), Around(TextWriter.Synchronized(lines)).Log);
        http = TokenSource.Http(trust, config.Proxy);
        tokens = new(config, http, SystemClock, log);
        Publisher = new(config, spool, tokens, trust, SystemClock, log, control: control);
        Running = Publisher.RunAsync(untilEmpty, stop.Token);
    }

    public PublishSpool Publisher { get; }

    public Task Running { get; }

    public string Log => lines.ToString();

    public int Count(string words) => Log.Split(words).Length - 1;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await EndsAsync(Running, "the publisher");
        Publisher.Dispose();
        tokens.Dispose();
        http.Dispose();
        stop.Dispose();
    }
}

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Fleet.Agent.Page;

// 127.0.0.1 -> Kestrel -> AnswerRequest (walls, pages)

/// <summary>
/// The local page for as long as the agent runs: Kestrel on one loopback port, without the host around it, which would take the process's signals and some megabytes for what is not needed here.
/// </summary>
internal sealed class AgentPage : IAsyncDisposable
{
    private const int MostConnections = 32, MostFormOctets = 256 * 1024;

    private readonly KestrelServer server;
    private readonly AgentView agent;

    private AgentPage(KestrelServer server, AgentView agent) => (this.server, this.agent) = (server, agent);

    /// <summary>Null when the configuration shows no page, or none can be shown: then a line says why, and the agent goes on without.</summary>
    public static async Task<AgentPage?> OpenAsync(AgentView agent, Surroundings around)
    {
        var port = agent.Config.PagePort;
        PageKey.Remove(agent.StateDir);     // of an agent that was killed
        if (port == 0) return null;
        var key = new PageKey(around.FreshBytes(PageKey.Octets));
        var server = Server(port);
        try
        {
            await server.StartAsync(new Application(new(agent, new(key, around.FreshBytes, around.Clock), port, around)), CancellationToken.None);
            key.Write(agent.StateDir);
            around.Log.Info(string.Create(CultureInfo.InvariantCulture, $"local page on http://127.0.0.1:{port}/; fleet-agent page --config FILE signs in"));
            return new(server, agent);
        }
        catch (Exception taken) when (taken is IOException or SocketException or UnauthorizedAccessException)
        {
            server.Dispose();
            around.Log.Warn(string.Create(CultureInfo.InvariantCulture, $"page.port: no local page on 127.0.0.1:{port}: {taken.Message}; the agent goes on without it"));
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        PageKey.Remove(agent.StateDir);
        await server.StopAsync(new CancellationToken(canceled: true));      // whoever is still reading can ask again
        server.Dispose();
    }

    private static KestrelServer Server(int port)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.MaxRequestBodySize = MostFormOctets;
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
        options.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        return new(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
    }

    private sealed class Application(AnswerRequest answer) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer.RunAsync(context);

        public void DisposeContext(HttpContext context, Exception? exception)
        {
        }
    }
}

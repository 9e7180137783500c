using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fleet.Agent.Configuration;

namespace Fleet.Agents.Tests;

/// <summary>An HTTP proxy on loopback that knows CONNECT and nothing else. It can want a login, know names nobody else knows, cut its tunnels, and be told what to answer.</summary>
internal sealed class ConnectProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentBag<Socket> open = [];

    public ConnectProxy()
    {
        listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;
    public ProxyConfig Config => new($"http://127.0.0.1:{Port}");

    /// <summary>Host and port of each CONNECT, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = new();

    /// <summary><c>Proxy-Authorization</c> of each CONNECT; empty where it had none.</summary>
    public ConcurrentQueue<string> Logins { get; } = new();

    /// <summary>Targets that lead elsewhere, as a name server of its own would have it.</summary>
    public Dictionary<string, string> Knows { get; } = [];

    /// <summary>The only login it takes; any when null.</summary>
    public string? Login { get; set; }

    /// <summary>What it says in place of a tunnel; then the connection stays open until the other side ends it.</summary>
    public Func<NetworkStream, CancellationToken, Task>? Says { get; set; }

    /// <summary>Bytes that follow the head of its answer in the same packet.</summary>
    public string Ahead { get; set; } = "";

    /// <summary>Ends every tunnel that stands.</summary>
    public void Cut()
    {
        while (open.TryTake(out var one)) one.Dispose();
    }

    public static Func<NetworkStream, CancellationToken, Task> Answer(string text) => (stream, cancel) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancel).AsTask();

    public void Dispose()
    {
        if (stop.IsCancellationRequested) return;
        stop.Cancel();
        listener.Dispose();
        Cut();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptSocketAsync(stop.Token));
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        open.Add(client);
        try
        {
            await using var inside = new NetworkStream(client, ownsSocket: true);
            var head = await HeadAsync(inside);
            var target = head[0].Split(' ')[1];
            var login = head.FirstOrDefault(line => line.StartsWith("Proxy-Authorization: ", StringComparison.Ordinal))?["Proxy-Authorization: ".Length..] ?? "";
            Asked.Enqueue(target);
            Logins.Enqueue(login);
            if (Says is { } says)
            {
                await says(inside, stop.Token);
                await inside.ReadAtLeastAsync(new byte[1], 1, throwOnEndOfStream: false, stop.Token);
            }
            else if (Login is { } wanted && login != wanted) await Answer("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")(inside, stop.Token);
            else await RelayAsync(inside, Knows.GetValueOrDefault(target, target));
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task RelayAsync(NetworkStream inside, string target)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        open.Add(socket);
        await socket.ConnectAsync(new DnsEndPoint(target[..target.LastIndexOf(':')], int.Parse(target[(target.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture)), stop.Token);
        await using var outside = new NetworkStream(socket, ownsSocket: true);
        await Answer($"HTTP/1.1 200 Connection established\r\nVia: 1.1 test\r\n\r\n{Ahead}")(inside, stop.Token);
        await Task.WhenAny(inside.CopyToAsync(outside, stop.Token), outside.CopyToAsync(inside, stop.Token));
    }

    private async Task<string[]> HeadAsync(NetworkStream stream)
    {
        var text = new StringBuilder();
        for (var one = new byte[1]; !text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal); text.Append((char)one[0])) await stream.ReadExactlyAsync(one, stop.Token);
        return text.ToString().Split("\r\n");
    }
}

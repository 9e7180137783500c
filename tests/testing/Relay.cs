using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fleet.Testing;

/// <summary>A way to a server on this machine that a test can break: TCP, byte for byte, until it is told to cut or to freeze.</summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _server;
    private readonly Task _accepting;
    private byte[] _words = [];
    private int _cuts, _said;

    private Relay(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How often the client has said the words listened for.</summary>
    public int Said => Volatile.Read(ref _said);

    /// <param name="server">A port on loopback.</param>
    public static Relay To(int server) => new(server);

    /// <summary>Listens for what a client says in one piece; and cuts the first connections on which it does, before the server hears it.</summary>
    public void ListenFor(string words, int cut = 0) => (_words, _cuts) = (Encoding.UTF8.GetBytes(words), cut);

    /// <summary>From now on nothing passes, in neither direction, and nobody is told: as when a cable is pulled. What connects is taken, and hears nothing.</summary>
    public void Freeze() => _frozen.TrySetResult();

    /// <summary>Closes what it carries; both sides see that.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_over.IsCancellationRequested)
            return;
        await _over.CancelAsync();
        _listener.Stop();
        await Ending.OneAsync("the relay's end", _accepting);
        _over.Dispose();
    }

    private async Task AcceptAsync()
    {
        var ways = new List<Task>();
        try
        {
            while (true)
                ways.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_over.Token)));
        }
        catch (OperationCanceledException) { } // the end
        await Task.WhenAll(ways);
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
            try
            {
                if (!_frozen.Task.IsCompleted)
                {
                    await server.ConnectAsync(IPAddress.Loopback, _server, _over.Token);
                    await Task.WhenAny(PumpAsync(client, server, isClient: true), PumpAsync(server, client, isClient: false));
                }
                if (_frozen.Task.IsCompleted)
                    await Task.Delay(Timeout.InfiniteTimeSpan, _over.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException) { } // the server is away, or the end
    }

    private async Task PumpAsync(TcpClient from, TcpClient to, bool isClient)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _over.Token) is > 0 and var count && !_frozen.Task.IsCompleted)
            {
                if (isClient && IsCut(buffer.AsSpan(0, count)))
                    return;
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _over.Token);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException) { } // one side has gone
    }

    private bool IsCut(ReadOnlySpan<byte> said)
    {
        if (_words.Length == 0 || said.IndexOf(_words) < 0)
            return false;
        Interlocked.Increment(ref _said);
        return Interlocked.Decrement(ref _cuts) >= 0;
    }
}

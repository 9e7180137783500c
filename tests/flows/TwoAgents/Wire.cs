using System.Net;
using System.Net.Sockets;

namespace Fleet.Flows.Tests.TwoAgents;

/// <summary>A TCP way to a service that can be cut and mended.</summary>
internal sealed class Wire : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Uri _to;
    private readonly Lock _one = new();
    private readonly List<TcpClient> _open = [];
    private bool _cut;

    public Wire(Uri to)
    {
        _to = to;
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>What is under way ends, and what comes is closed at once.</summary>
    public void Cut()
    {
        lock (_one)
        {
            _cut = true;
            _open.ForEach(one => one.Dispose());
            _open.Clear();
        }
    }

    public void Mend()
    {
        lock (_one) _cut = false;
    }

    public void Dispose()
    {
        Cut();
        _listener.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = CarryAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var far = new TcpClient();
        try
        {
            await far.ConnectAsync(_to.Host, _to.Port);
            lock (_one)
            {
                if (_cut)
                {
                    near.Dispose();
                    return;
                }
                _open.AddRange([near, far]);
            }
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
        }
        near.Dispose();
    }
}

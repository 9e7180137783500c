using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace Fleet.Agent.Proxying;

/// <summary>A tunnel that already stands, as RabbitMQ.Client wants its sockets: it has nothing left to connect to.</summary>
internal sealed class TunnelSocket(Socket socket) : ITcpClient
{
    private readonly NetworkStream stream = new(socket, ownsSocket: true);

    public bool Connected => socket.Connected;

    public Socket Client => socket;

    public TimeSpan ReceiveTimeout
    {
        get => TimeSpan.FromMilliseconds(socket.ReceiveTimeout);
        set => socket.ReceiveTimeout = (int)value.TotalMilliseconds;
    }

    public Task ConnectAsync(IPAddress ep, int port, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public NetworkStream GetStream() => stream;

    public void Close() => stream.Dispose();

    public void Dispose() => stream.Dispose();
}

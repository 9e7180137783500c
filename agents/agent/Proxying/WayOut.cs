using System.Net;
using System.Net.Sockets;
using Fleet.Agent.Configuration;

namespace Fleet.Agent.Proxying;

/// <summary>How a connection that is not RabbitMQ.Client's gets out: straight, or by the same tunnel as the broker's, so that one proxy means one behaviour; TLS is put on top of it.</summary>
internal static class WayOut
{
    public static async ValueTask<Stream> ToAsync(ProxyConfig? proxy, DnsEndPoint to, CancellationToken cancel) =>
        new NetworkStream(proxy?.LeadsTo(to.Host) is true ? await OpenTunnel.ToAsync(proxy, to.Host, to.Port, cancel) : await StraightAsync(to, cancel), ownsSocket: true);

    private static async Task<Socket> StraightAsync(DnsEndPoint to, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(to, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

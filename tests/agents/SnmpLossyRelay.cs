using System.Net;
using System.Net.Sockets;

namespace Fleet.Agents.Tests;

/// <summary>A bad way between a client and one device: datagrams are lost, doubled, delayed, and so overtake each other, in both directions.</summary>
/// <param name="Loss">Share of datagrams lost each way.</param>
/// <param name="Doubled">Share that arrives twice.</param>
/// <param name="Latest">Each takes a random part of this time.</param>
internal sealed record BadWay(double Loss, double Doubled, TimeSpan Latest, TimeSpan AtLeast = default);

internal sealed class SnmpLossyRelay : IDisposable
{
    private readonly Socket near = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp), far = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource closed = new();
    private readonly BadWay way;
    private readonly Random random = new(5);
    private EndPoint? client;

    public SnmpLossyRelay(IPEndPoint device, BadWay way)
    {
        this.way = way;
        foreach (var socket in new[] { near, far }) socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = CarryAsync(near, datagram => far.SendTo(datagram, device));
        _ = CarryAsync(far, datagram => near.SendTo(datagram, client!));
    }

    public IPEndPoint EndPoint => (IPEndPoint)near.LocalEndPoint!;

    public int Lost { get; private set; }

    public int Doubled { get; private set; }

    private async Task CarryAsync(Socket from, Action<byte[]> send)
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var got = await from.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                if (from == near) client = got.RemoteEndPoint;
                foreach (var delay in Fate()) _ = LaterAsync(delay, buffer[..got.ReceivedBytes], send);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
        }
    }

    private TimeSpan[] Fate()
    {
        lock (random)
        {
            var fate = random.NextDouble();
            if (fate < way.Loss) Lost++;
            else if (fate < way.Loss + way.Doubled) Doubled++;
            return [.. Enumerable.Range(0, fate < way.Loss ? 0 : fate < way.Loss + way.Doubled ? 2 : 1).Select(_ => way.AtLeast + way.Latest * random.NextDouble())];
        }
    }

    private async Task LaterAsync(TimeSpan delay, byte[] datagram, Action<byte[]> send)
    {
        try
        {
            await Task.Delay(delay, closed.Token);
            send(datagram);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    public void Dispose()
    {
        closed.Cancel();
        closed.Dispose();
        near.Dispose();
        far.Dispose();
    }
}

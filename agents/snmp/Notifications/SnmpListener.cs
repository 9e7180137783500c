using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Fleet.Snmp.Notifications;

// datagram -> ReceiveNotification -> queue (bounded) -> answered
/// <summary>
/// Receives traps and informs (RFC 3413 §3.4). Nothing listens unless somebody opens one. An inform is answered once it is in the queue: what is
/// acknowledged is kept, what is repeated because the answer was lost is answered again and kept once.
/// </summary>
public sealed class SnmpListener : IDisposable
{
    private const int MaxDatagram = 8192, RepetitionsKnown = 1024, BufferBytes = 1 << 20;

    private readonly RecentlyUsed<(IPEndPoint, int RequestId, Oid Name, TimeSpan?), bool> informs = new(RepetitionsKnown);
    private readonly Channel<SnmpNotification> queue;
    private readonly ReceiveNotification receive;
    private readonly TimeProvider clock;
    private readonly Socket socket;
    private long dropped;

    /// <exception cref="SocketException">The port is taken or not allowed.</exception>
    public SnmpListener(SnmpListenerOptions options, TimeProvider clock, Random random)
    {
        (this.clock, receive) = (clock, new(options, clock, random));
        queue = Channel.CreateBounded<SnmpNotification>(new BoundedChannelOptions(options.Capacity) { SingleWriter = true });
        socket = new(options.EndPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = BufferBytes };
        if (options.EndPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        socket.Bind(options.EndPoint);
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
        _ = ListenAsync();
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>In the order they came; ends when the listener is disposed.</summary>
    public ChannelReader<SnmpNotification> Notifications => queue.Reader;

    /// <summary>Notifications there was no room for.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    private async Task ListenAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);
        var any = new IPEndPoint(socket.AddressFamily is AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0);
        while (true)
        {
            try
            {
                var got = await socket.ReceiveFromAsync(buffer, SocketFlags.None, any);
                var source = (IPEndPoint)got.RemoteEndPoint;
                if (Take(buffer.AsSpan(0, got.ReceivedBytes), source) is { } reply) await socket.SendToAsync(reply, source);
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                queue.Writer.TryComplete();
                return;
            }
            catch (SnmpFormatException)
            {
                SnmpMetrics.Drop("malformed");
            }
            catch (SocketException)
            {
                SnmpMetrics.Drop("icmp");       // the sender is gone, or sent more than a notification needs
                await Task.Delay(TimeSpan.FromMilliseconds(1), clock, CancellationToken.None);
            }
            catch (Exception fault)
            {
                queue.Writer.TryComplete(fault);    // a bug here, or a cipher this machine does not have: who reads shall know
                return;
            }
        }
    }

    private byte[]? Take(Span<byte> datagram, IPEndPoint source)
    {
        var incoming = receive.From(datagram, source.Address.IsIPv4MappedToIPv6 ? new(source.Address.MapToIPv4(), source.Port) : source);
        if (incoming.Notification is not { } notification)
        {
            SnmpMetrics.Drop(incoming.Dropped);
            return incoming.Reply;
        }
        var repetition = (source, incoming.RequestId, notification.Name, notification.UpTime);
        if (notification.Kind is SnmpNotificationKind.Inform && informs.TryGet(repetition, out _)) return incoming.Reply;
        if (!queue.Writer.TryWrite(notification))
        {
            Interlocked.Increment(ref dropped);
            SnmpMetrics.Drop("queue-full");
            return null;
        }
        if (notification.Kind is SnmpNotificationKind.Inform) informs.Set(repetition, true);
        SnmpMetrics.Notified.Add(1);
        return incoming.Reply;
    }

    public void Dispose() => socket.Dispose();
}

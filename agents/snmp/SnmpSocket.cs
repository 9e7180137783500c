using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Fleet.Snmp;

// Exchange -> datagram -> (answer by id and source, opened and verified | timer: again | timer: given up) -> Exchange completed
/// <summary>One UDP socket with any number of requests in flight. No thread or task waits per request: a timer resends, one loop receives.</summary>
internal sealed class SnmpSocket : IDisposable
{
    private const int BufferBytes = 4 << 20, MostGrace = 40;
    private static readonly TimeSpan CatchUp = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<int, Exchange> pending = new();
    private readonly TimeProvider clock;
    private readonly Random random;
    private readonly Socket socket;

    public SnmpSocket(AddressFamily family, TimeProvider clock, Random random)
    {
        (this.clock, this.random) = (clock, random);
        socket = new(family, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = BufferBytes, SendBufferSize = BufferBytes };
        socket.Bind(new IPEndPoint(family == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any, 0));
        _ = ReceiveAsync();
    }

    /// <summary>A new exchange under an id nobody else uses and nobody can guess.</summary>
    public Exchange Open(SnmpTarget target, IMessageProcessing processing)
    {
        while (true)
        {
            int id;
            lock (random) id = random.Next(1, int.MaxValue);
            var exchange = new Exchange(id, target, processing);
            if (pending.TryAdd(id, exchange)) return exchange;
        }
    }

    public void Send(Exchange exchange)
    {
        exchange.Timer = clock.CreateTimer(Expire, exchange, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Transmit(exchange);
    }

    public void Close(Exchange exchange, Received answer)
    {
        if (!pending.TryRemove(new(exchange.Id, exchange))) return;
        exchange.Timer?.Dispose();
        exchange.TrySetResult(answer);
    }

    private void Transmit(Exchange exchange)
    {
        try
        {
            // Armed first: the answer may be here before SendTo returns.
            exchange.Timer!.Change(exchange.Target.Patience.Of(exchange.Attempt, random), Timeout.InfiniteTimeSpan);
            socket.SendTo(exchange.Datagram.Span, SocketFlags.None, exchange.Target.SocketAddress);
            SnmpMetrics.Sent.Add(1);
        }
        catch (SocketException full) when (full.SocketErrorCode is SocketError.NoBufferSpaceAvailable or SocketError.WouldBlock)
        {
            SnmpMetrics.Drop("no-buffer");      // as good as lost on the way: the timer sends it again
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            Close(exchange, new(SnmpOutcome.Unreachable));
        }
    }

    private void Expire(object? state)
    {
        var exchange = (Exchange)state!;
        if (exchange.Task.IsCompleted) return;
        if (IsBehind && exchange.Grace++ < MostGrace)
        {
            exchange.Timer!.Change(CatchUp, Timeout.InfiniteTimeSpan);
            return;
        }
        if (exchange.Attempt++ < exchange.Target.Patience.Retries)
        {
            Transmit(exchange);
            return;
        }
        SnmpMetrics.TimedOut.Add(1);
        Close(exchange, new(SnmpOutcome.TimedOut));
    }

    // Datagrams have come that nobody has looked at yet, on a machine that is too busy: the answer may be among them, and its device is not to be called silent for it.
    private bool IsBehind
    {
        get
        {
            try
            {
                return socket.Available > 0;
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                return false;
            }
        }
    }

    private async Task ReceiveAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(ushort.MaxValue, pinned: true);
        var source = new SocketAddress(socket.AddressFamily);
        while (true)
        {
            try
            {
                var length = await socket.ReceiveFromAsync(buffer.AsMemory(), SocketFlags.None, source);
                Match(buffer.AsSpan(0, length), source);
            }
            catch (Exception closed) when (closed is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException)
            {
                SnmpMetrics.Drop("icmp");       // Windows reports another device's "port unreachable" here
                await Task.Delay(TimeSpan.FromMilliseconds(1), clock, CancellationToken.None);
            }
        }
    }

    private void Match(Span<byte> datagram, SocketAddress source)
    {
        try
        {
            if (!pending.TryGetValue(MessageId.Of(datagram), out var exchange)) SnmpMetrics.Drop("not-asked");
            else if (!exchange.IsFrom(source)) SnmpMetrics.Drop("wrong-source");
            else if (exchange.Processing.Open(datagram, exchange.Id, out var dropped) is not { } answer) SnmpMetrics.Drop(dropped);
            else
            {
                SnmpMetrics.Answered.Add(1);
                Close(exchange, answer);
            }
        }
        catch (SnmpFormatException)
        {
            SnmpMetrics.Drop("malformed");
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        foreach (var exchange in pending.Values) Close(exchange, new(SnmpOutcome.Unreachable));
    }
}

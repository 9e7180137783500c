using System.Net;
using System.Net.Sockets;

namespace Fleet.Benchmarks.Snmp;

/// <summary>A v2c device on loopback that gives every question the same answer under the question's id, and allocates nothing while it does.</summary>
internal sealed class SilentAllocator : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

    public SilentAllocator(byte[] answer)
    {
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = ServeAsync(answer);
    }

    public IPEndPoint EndPoint => (IPEndPoint)socket.LocalEndPoint!;

    private async Task ServeAsync(byte[] answer)
    {
        var (question, from) = (new byte[ushort.MaxValue], new SocketAddress(AddressFamily.InterNetwork));
        var idAt = answer.AsSpan().IndexOf(new byte[] { 0x02, 0x04, 0x01, 0x23, 0x45, 0x67 });
        try
        {
            while (true)
            {
                var length = await socket.ReceiveFromAsync(question.AsMemory(), SocketFlags.None, from);
                Answer(question.AsSpan(0, length), answer, idAt);
                await socket.SendToAsync(answer.AsMemory(), SocketFlags.None, from);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    // Version, community "public", PDU header: an id of four octets stands at a fixed place behind them; a shorter one is set right-aligned.
    private static void Answer(ReadOnlySpan<byte> question, byte[] answer, int idAt)
    {
        var at = question.IndexOf("public"u8) + 6;
        at += question[at + 1] switch { 0x81 => 3, 0x82 => 4, _ => 2 };
        var id = question.Slice(at + 2, question[at + 1]);
        answer.AsSpan(idAt + 2, 4).Clear();
        id.CopyTo(answer.AsSpan(idAt + 6 - id.Length));
    }

    public void Dispose() => socket.Dispose();
}

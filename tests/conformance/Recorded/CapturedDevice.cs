using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fleet.Snmp;

namespace Fleet.Conformance.Tests.Recorded;

/// <summary>
/// A recording that answers in this process as a careful device does: SNMPv2c, answers no larger than an ethernet frame, whatever community. It keeps each request: what really left for it.
/// </summary>
internal sealed class CapturedDevice : IDisposable
{
    private const int FrameBytes = 1472;

    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Oid[] names;
    private readonly SnmpValue[] values;

    public CapturedDevice(string name)
    {
        var capture = Recording.CaptureOf(name);
        (names, values) = ([.. capture.Objects.Keys], [.. capture.Objects.Values]);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _ = ServeAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)socket.LocalEndPoint!;

    public ConcurrentQueue<SnmpPdu> Requests { get; } = [];

    public IEnumerable<string> Asked => Requests.SelectMany(pdu => pdu.VarBinds).Select(one => one.Name.ToString());

    public void Dispose() => socket.Dispose();

    private async Task ServeAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, EndPoint);
                var request = SnmpMessage.Decode(buffer.AsSpan(0, got.ReceivedBytes));
                Requests.Enqueue(request.Pdu);
                await socket.SendToAsync(Fitting(request, [.. Answers(request.Pdu)]), got.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private IEnumerable<VarBind> Answers(SnmpPdu pdu)
    {
        var at = pdu.VarBinds.Select(one => one.Name).ToArray();
        for (var round = 0; round < (pdu.Type is PduType.GetBulk ? Math.Min(pdu.MaxRepetitions, 64) : 1); round++)
            for (var i = 0; i < at.Length; i++)
            {
                var found = Array.BinarySearch(names, at[i]);
                if (pdu.Type is PduType.Get) yield return new(at[i], found >= 0 ? values[found] : SnmpValue.NoSuchInstance);
                else
                {
                    var next = found >= 0 ? found + 1 : ~found;
                    var answer = next < names.Length ? new VarBind(at[i] = names[next], values[next]) : new(at[i], SnmpValue.EndOfMibView);
                    yield return answer;
                }
            }
    }

    private static byte[] Fitting(SnmpMessage request, List<VarBind> answers)
    {
        while (true)
        {
            var datagram = (request with { Pdu = request.Pdu.Answer(answers) }).Encode();
            if (datagram.Length <= FrameBytes) return datagram;
            if (request.Pdu.Type is PduType.Get) return (request with { Pdu = request.Pdu.Refuse(SnmpErrorStatus.TooBig, 0) }).Encode();
            answers.RemoveRange(answers.Count * 9 / 10, answers.Count - (answers.Count * 9 / 10));
        }
    }
}

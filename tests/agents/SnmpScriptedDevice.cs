using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Fleet.Snmp;

namespace Fleet.Agents.Tests;

/// <summary>A device on a loopback port that answers each request with what a script says: nothing, one datagram or several.</summary>
internal sealed class SnmpScriptedDevice : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Channel<SnmpMessage> requests = Channel.CreateUnbounded<SnmpMessage>();
    private readonly Socket socket;

    public SnmpScriptedDevice(Func<SnmpMessage, IEnumerable<byte[]>> script, IPAddress? address = null) : this(script, new IPEndPoint(address ?? IPAddress.Loopback, 0)) { }

    public SnmpScriptedDevice(Func<SnmpMessage, IEnumerable<byte[]>> script, IPEndPoint at)
    {
        socket = new(at.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(at);
        _ = ServeAsync(script);
    }

    public IPEndPoint EndPoint => (IPEndPoint)socket.LocalEndPoint!;

    public SnmpTarget Target(SnmpCredential? credential = null, int retries = 0, double seconds = 5) =>
        new(EndPoint, credential ?? SnmpCredential.V2C("public"), new(TimeSpan.FromSeconds(seconds), retries));

    /// <summary>A device that holds these objects and answers as RFC 3416 says, at most so many values at a time.</summary>
    public static SnmpScriptedDevice Holding(IReadOnlyDictionary<string, SnmpValue> objects, int maxVarBinds = int.MaxValue, IPEndPoint? at = null) =>
        new(request => [Answer(objects, request, maxVarBinds)], at ?? new(IPAddress.Loopback, 0));

    public static byte[] Answer(IReadOnlyDictionary<string, SnmpValue> objects, SnmpMessage request, int maxVarBinds = int.MaxValue) =>
        (request with { Pdu = Answer(objects, request.Pdu, request.Version is SnmpVersion.V1, maxVarBinds) }).Encode();

    /// <summary>The next request, in the order they came; fails when none comes.</summary>
    public async Task<SnmpMessage> RequestAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            return await requests.Reader.ReadAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new AssertionException($"No request reached the device within {Patience}");
        }
    }

    /// <summary>Where the last request came from.</summary>
    public EndPoint? Asker { get; private set; }

    public int Unread => requests.Reader.Count;

    public void Send(byte[] datagram, EndPoint to) => socket.SendTo(datagram, to);

    private async Task ServeAsync(Func<SnmpMessage, IEnumerable<byte[]>> script)
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, EndPoint);
                var request = SnmpMessage.Decode(buffer.AsSpan(0, got.ReceivedBytes));
                Asker = got.RemoteEndPoint;
                requests.Writer.TryWrite(request);
                foreach (var answer in script(request)) await socket.SendToAsync(answer, got.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    public static SnmpPdu Answer(IReadOnlyDictionary<string, SnmpValue> held, SnmpPdu pdu, bool v1 = false, int maxVarBinds = int.MaxValue)
    {
        var objects = new SortedList<Oid, SnmpValue>(held.ToDictionary(o => Oid.Parse(o.Key), o => o.Value));
        if (pdu.VarBinds.Count > maxVarBinds && pdu.Type is PduType.Get) return pdu.Refuse(SnmpErrorStatus.TooBig, 0);
        var answers = new List<VarBind>();
        var at = pdu.VarBinds.Select(v => v.Name).ToArray();
        for (var repetition = 0; repetition < (pdu.Type is PduType.GetBulk ? pdu.MaxRepetitions : 1); repetition++)
        {
            for (var i = 0; i < at.Length; i++)
            {
                var found = pdu.Type is PduType.Get
                    ? new VarBind(at[i], objects.GetValueOrDefault(at[i], SnmpValue.NoSuchInstance))
                    : objects.Where(o => o.Key > at[i]).Select(o => new VarBind(o.Key, o.Value)).FirstOrDefault(new VarBind(at[i], SnmpValue.EndOfMibView));
                if (v1 && found.Value.IsMissing) return pdu.Refuse(SnmpErrorStatus.NoSuchName, i + 1);
                if (answers.Count == maxVarBinds) return pdu.Answer(answers);
                answers.Add(found);
                at[i] = found.Name;
            }
        }
        return pdu.Answer(answers);
    }

    public void Dispose() => socket.Dispose();
}

using System.Net;
using System.Net.Sockets;
using Fleet.Snmp;
using Fleet.Snmp.Usm;
using Fleet.Snmp.V3;

namespace Fleet.Agents.Tests;

/// <summary>A device with an SNMPv3 engine on a loopback port. It can be restarted, replaced, and made to answer otherwise.</summary>
internal sealed class SnmpV3Device : IDisposable
{
    public static readonly SnmpEngineId FirstEngine = SnmpEngineId.Of(8072, "first"u8), OtherEngine = SnmpEngineId.Of(8072, "other"u8);

    private readonly IReadOnlyDictionary<string, SnmpValue> objects;
    private readonly TimeProvider clock;
    private readonly SnmpCredential.User[] users;
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private int datagrams;

    public SnmpV3Device(IReadOnlyDictionary<string, SnmpValue> objects, TimeProvider clock, params SnmpCredential[] users)
    {
        (this.objects, this.clock, this.users) = (objects, clock, [.. users.Cast<SnmpCredential.User>()]);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Start(FirstEngine, boots: 1);
        _ = ServeAsync();
    }

    public LocalEngine Engine { get; private set; } = null!;

    public UsmReceiver Usm { get; private set; } = null!;

    /// <summary>What goes out instead of the answer (null: it would have been a report or nothing).</summary>
    public Func<UsmReceiver.Message?, byte[]?, IEnumerable<byte[]>>? Instead { get; set; }

    public SnmpTarget Target(SnmpCredential? user = null) => new((IPEndPoint)socket.LocalEndPoint!, user ?? users[0], new(TimeSpan.FromSeconds(1), 0));

    public void Start(SnmpEngineId id, int boots)
    {
        Engine = new(id, boots, clock);
        Usm = new(Engine, users, new Salts(boots), clock);
    }

    /// <summary>Datagrams that came since this was last asked.</summary>
    public int Datagrams() => Interlocked.Exchange(ref datagrams, 0);

    private async Task ServeAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        try
        {
            while (true)
            {
                var got = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                Interlocked.Increment(ref datagrams);
                if (buffer.AsSpan(0, 8).IndexOf<byte>([2, 1, 3]) < 0) continue;      // no version 3: silence
                var message = Usm.Receive(buffer.AsSpan(0, got.ReceivedBytes), out var report, out _);
                var answer = message is null ? report : Usm.Reply(message, SnmpScriptedDevice.Answer(objects, message.Scoped.Pdu));
                foreach (var datagram in Instead?.Invoke(message, answer) ?? (answer is null ? [] : [answer])) await socket.SendToAsync(datagram, got.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    public void Dispose() => socket.Dispose();
}

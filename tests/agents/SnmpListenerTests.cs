using System.Net;
using System.Net.Sockets;
using Fleet.Snmp;
using Fleet.Snmp.Notifications;
using Fleet.Snmp.Usm;
using Fleet.Snmp.V3;

namespace Fleet.Agents.Tests;

public class SnmpListenerTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly SnmpEngineId Ours = SnmpEngineId.Of(8072, "listener"u8), Theirs = SnmpEngineId.Of(8072, "sender"u8);
    private static readonly SnmpCredential.User Fleet = new("fleet", new(UsmAuthProtocol.Sha256, new("auth passphrase")), new(UsmPrivProtocol.Aes256Reeder, new("priv passphrase")));
    private static readonly Oid PaperJam = Oid.Parse("1.3.6.1.4.1.9.0.1");

    private readonly SnmpManualClock clock = new();
    private Socket sender = null!;
    private SnmpListener listener = null!;

    [SetUp]
    public void Start()
    {
        sender = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        sender.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener = new(new(new(IPAddress.Loopback, 0), [SnmpCredential.V2C("alarms"), Fleet], Ours, EngineBoots: 3, Capacity: 2), clock, new Random(7));
    }

    [TearDown]
    public void Stop()
    {
        listener.Dispose();
        sender.Dispose();
    }

    [Test]
    public async Task An_inform_repeated_is_answered_again_and_kept_once()
    {
        foreach (var _ in new[] { 1, 2, 3 })
        {
            Send(Community(PduType.Inform, 5));
            Assert.That(SnmpMessage.Decode(await AnswerAsync()).Pdu, Has.Property("Type").EqualTo(PduType.Response).And.Property("RequestId").EqualTo(5));
        }
        Assert.That(listener.Notifications.Count, Is.EqualTo(1));
        Send(Community(PduType.Inform, 6));
        await AnswerAsync();
        Assert.That(listener.Notifications.Count, Is.EqualTo(2), "another one");
    }

    [Test]
    public async Task What_there_is_no_room_for_is_counted_and_an_inform_is_not_acknowledged()
    {
        for (var i = 1; i <= 2; i++)
        {
            Send(Community(PduType.Inform, i));
            await AnswerAsync();
        }
        Send(Community(PduType.Inform, 3));
        Send(Community(PduType.Trap, 4));
        await Eventually(() => listener.Dropped == 2);
        Assert.That(sender.Available, Is.Zero, "nobody may believe that it was kept");
        await listener.Notifications.ReadAsync();
        Send(Community(PduType.Inform, 3));
        Assert.That(SnmpMessage.Decode(await AnswerAsync()).Pdu.RequestId, Is.EqualTo(3), "there is room again");
    }

    [Test]
    public async Task Our_engine_is_found_by_discovery_and_takes_informs()
    {
        var discovery = new Discovery(clock);
        Send(discovery.Prepare(1, Discovery.Question));
        Assert.That(discovery.Open(await AnswerAsync(), 1, out _), Is.Not.Null);
        Assert.That((discovery.Found!.Id, discovery.Found.Now()), Is.EqualTo((Ours, (3, 0))));

        var usm = Usm(discovery.Found);
        Send(usm.Prepare(2, Notification(PduType.Inform, 2)));
        Assert.That(usm.Open(await AnswerAsync(), 2, out _)?.Outcome, Is.EqualTo(SnmpOutcome.Answered));
        Assert.That((await listener.Notifications.ReadAsync()) is { Kind: SnmpNotificationKind.Inform, AcceptedBy: SnmpCredential.User, EngineId: var engine } && engine == Ours, Is.True);
    }

    [Test]
    public async Task An_inform_from_another_time_is_told_the_time()
    {
        clock.Advance(TimeSpan.FromHours(1));
        var engine = new RemoteEngine(Ours, 2, 99, clock);
        var usm = Usm(engine);
        Send(usm.Prepare(1, Notification(PduType.Inform, 1)));
        Assert.That(usm.Open(await AnswerAsync(), 1, out _), Is.EqualTo(new Received(SnmpOutcome.NotInTimeWindow, null, true)).Using<Received>((a, b) => a.Outcome == b.Outcome && a.IsAuthentic == b.IsAuthentic));
        Assert.That(engine.Now(), Is.EqualTo((3, 3600)), "the report is signed and sets the clock");
        Assert.That(listener.Notifications.Count, Is.Zero);
    }

    [Test]
    public async Task Who_may_encrypt_must()
    {
        var keys = new KeyRing().For(Fleet, Theirs);
        Send(WriteV3.Message(9, new(V3Flags.Authenticated, Theirs, 5, 1000, "fleet"u8.ToArray(), keys, 1), new(Theirs, "", Notification(PduType.Trap, 9))));
        Send(WriteV3.Message(9, new(V3Flags.None, Theirs, 5, 1000, "fleet"u8.ToArray(), null, 1), new(Theirs, "", Notification(PduType.Trap, 9))));
        Send(Trap(boots: 5, time: 1001));
        Assert.That((await listener.Notifications.ReadAsync()).AcceptedBy, Is.EqualTo(Fleet));
        Assert.That(listener.Notifications.Count, Is.Zero, "the last was the only one");
    }

    [Test]
    public async Task A_trap_recorded_and_sent_again_later_is_not_taken()
    {
        var first = Trap(boots: 5, time: 1000);
        Send(first);
        await Eventually(() => listener.Notifications.Count == 1);
        clock.Advance(TimeSpan.FromSeconds(151));
        Send(first);
        Send(Trap(boots: 4, time: 9000));
        Send(Trap(boots: 5, time: 1151));
        await Eventually(() => listener.Notifications.Count == 2);
        Assert.That(listener.Dropped, Is.Zero);
    }

    [Test]
    public async Task One_socket_hears_both_families()
    {
        if (!Socket.OSSupportsIPv6) Assert.Ignore("this machine has no IPv6");
        using var both = new SnmpListener(new(new(IPAddress.IPv6Any, 0), [SnmpCredential.V2C("alarms")], Ours, EngineBoots: 1), clock, new Random(7));
        sender.SendTo(Community(PduType.Inform, 1), new IPEndPoint(IPAddress.Loopback, both.EndPoint.Port));
        Assert.That(SnmpMessage.Decode(await AnswerAsync()).Pdu.RequestId, Is.EqualTo(1));
        Assert.That((await both.Notifications.ReadAsync()).Source, Is.EqualTo(sender.LocalEndPoint));
        using var six = new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp);
        six.SendTo(Community(PduType.Trap, 2), new IPEndPoint(IPAddress.IPv6Loopback, both.EndPoint.Port));
        Assert.That((await both.Notifications.ReadAsync().AsTask().WaitAsync(Bound)).Source.Address, Is.EqualTo(IPAddress.IPv6Loopback));
    }

    [Test]
    public async Task Nonsense_does_not_deafen()
    {
        var random = new Random(11);
        byte[][] good = [Community(PduType.Trap, 1), Trap(1, 1), Usm(new(Ours, 3, 0, clock)).Prepare(1, Notification(PduType.Inform, 1))];
        for (var i = 0; i < 500; i++)
        {
            var nonsense = good[i % 3][..random.Next(good[i % 3].Length)];
            for (var flips = random.Next(1, 4); flips > 0 && nonsense.Length > 0; flips--) nonsense[random.Next(nonsense.Length)] ^= (byte)random.Next(1, 256);
            Send(nonsense);
        }
        Send(new byte[60_000]);
        var answers = new byte[ushort.MaxValue];
        await Eventually(() =>
        {
            Send(Community(PduType.Inform, 77));        // again and again, as senders do: a flood may push a datagram out
            while (sender.Available > 0) if (IsAnswerTo77(answers.AsSpan(0, sender.Receive(answers)))) return true;
            return false;
        });

        static bool IsAnswerTo77(ReadOnlySpan<byte> answer) => MessageId.VersionOf(answer) is 1 && SnmpMessage.Decode(answer).Pdu.RequestId == 77;
    }

    private static SnmpPdu Notification(PduType type, int id) => new(type, id, 0, 0,
        [new(Oid.Parse("1.3.6.1.2.1.1.3.0"), SnmpValue.TimeTicks(100)), new(Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), SnmpValue.Oid(PaperJam))]);

    private static byte[] Community(PduType type, int id) => new SnmpMessage(SnmpVersion.V2C, "alarms"u8.ToArray(), Notification(type, id)).Encode();

    private static UsmProcessing Usm(RemoteEngine engine) => new(Fleet, engine, new KeyRing().For(Fleet, engine.Id), new(1));

    private static byte[] Trap(int boots, int time) => WriteV3.Message(
        9, new((V3Flags)Fleet.Level, Theirs, boots, time, "fleet"u8.ToArray(), new KeyRing().For(Fleet, Theirs), 1), new(Theirs, "", Notification(PduType.Trap, 9)));

    private void Send(byte[] datagram) => sender.SendTo(datagram, listener.EndPoint);

    private async Task<byte[]> AnswerAsync()
    {
        var buffer = new byte[ushort.MaxValue];
        using var deadline = new CancellationTokenSource(Bound);
        return buffer[..await sender.ReceiveAsync(buffer, deadline.Token)];
    }

    private static async Task Eventually(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(Bound);
        while (!isSo()) await Task.Delay(1, deadline.Token);
    }
}

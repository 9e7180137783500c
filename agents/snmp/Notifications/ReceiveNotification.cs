using System.Net;
using System.Security.Cryptography;
using Fleet.Snmp.V3;

namespace Fleet.Snmp.Notifications;

// datagram -> community or USM -> notification and its answer (RFC 3413 §3.4), without I/O
internal sealed class ReceiveNotification(SnmpListenerOptions options, TimeProvider clock, Random random)
{
    private readonly SnmpCredential.Community[] communities = [.. options.Accepted.OfType<SnmpCredential.Community>()];
    private readonly UsmReceiver users = new(new(options.EngineId, options.EngineBoots, clock), options.Accepted.OfType<SnmpCredential.User>(), new(random.NextInt64()), clock);

    /// <exception cref="SnmpFormatException">No SNMP message.</exception>
    public Incoming From(Span<byte> datagram, IPEndPoint source) => MessageId.VersionOf(datagram) is V3Message.Version ? Usm(datagram, source) : Community(datagram, source);

    private Incoming Community(ReadOnlySpan<byte> datagram, IPEndPoint source)
    {
        var message = SnmpMessage.Decode(datagram);
        var accepted = Array.Find(communities, known => known.Version == message.Version && CryptographicOperations.FixedTimeEquals(known.Name.Span, message.Community.Span));
        if (accepted is null) return new(null, null, "unknown-community");
        return message.Pdu.Type switch
        {
            PduType.Trap => Notification(message.Version is SnmpVersion.V1 ? SnmpNotificationKind.TrapV1 : SnmpNotificationKind.Trap, accepted, message.Pdu, source, default, "", null),
            PduType.Inform when message.Version is SnmpVersion.V2C =>
                Notification(SnmpNotificationKind.Inform, accepted, message.Pdu, source, default, "", () => (message with { Pdu = message.Pdu.Answer(message.Pdu.VarBinds) }).Encode()),
            _ => new(null, null, "no-notification")
        };
    }

    private Incoming Usm(Span<byte> datagram, IPEndPoint source)
    {
        if (users.Receive(datagram, out var report, out var dropped) is not { } message) return new(null, report, dropped);
        var pdu = message.Scoped.Pdu;
        return (pdu.Type, message.AuthoritativeEngine == options.EngineId) switch
        {
            (PduType.Trap, false) => Notification(SnmpNotificationKind.Trap, message.User, pdu, source, message.AuthoritativeEngine, message.Scoped.ContextName, null),
            (PduType.Inform, true) => Notification(SnmpNotificationKind.Inform, message.User, pdu, source, message.AuthoritativeEngine, message.Scoped.ContextName,
                () => users.Reply(message, pdu.Answer(pdu.VarBinds))),
            _ => new(null, null, "no-notification")
        };
    }

    private Incoming Notification(SnmpNotificationKind kind, SnmpCredential by, SnmpPdu pdu, IPEndPoint source, SnmpEngineId engine, string context, Func<byte[]>? answer)
    {
        var (name, upTime) = (default(Oid), default(TimeSpan?));
        foreach (var (of, value) in pdu.VarBinds)
        {
            if (of == TrapV1.TrapOid) name = value.AsOid;
            else if (of == TrapV1.SysUpTime && value.TryGetInt64(out var hundredths)) upTime = TimeSpan.FromMilliseconds(hundredths * 10);
        }
        return name.IsEmpty ? new(null, null, "no-name") : new(new(kind, source, clock.GetUtcNow(), by, name, upTime, pdu.VarBinds, engine, context), answer?.Invoke(), RequestId: pdu.RequestId);
    }
}

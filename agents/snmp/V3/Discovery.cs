using Fleet.Snmp.Usm;

namespace Fleet.Snmp.V3;

/// <summary>Asks a device for its engine (RFC 3414 §4): an empty question to nobody, answered by a report that names engine, boots and time.</summary>
internal sealed class Discovery(TimeProvider clock) : IMessageProcessing
{
    public static readonly SnmpPdu Question = SnmpPdu.Get(0, []);

    /// <summary>Who answered; null before.</summary>
    public RemoteEngine? Found { get; private set; }

    public byte[] Prepare(int id, SnmpPdu question) => WriteV3.Message(id, new() { Flags = V3Flags.Reportable }, new(default, "", question));

    public Received? Open(Span<byte> datagram, int id, out string dropped)
    {
        dropped = "no-engine";
        var message = V3Message.Read(datagram);
        if (message.Level is not SnmpSecurityLevel.NoAuthNoPriv || message.EngineId.IsEmpty) return null;
        if (ScopedPdu.Read(message.Data).Pdu is not { Type: PduType.Report } report) return null;
        Found = new(SnmpEngineId.FromWire(message.EngineId), message.Boots, message.Time, clock);
        return new(SnmpOutcome.Answered, report);
    }
}

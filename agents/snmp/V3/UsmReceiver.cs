using System.Text;
using Fleet.Snmp.Usm;

namespace Fleet.Snmp.V3;

// datagram -> whose engine is authoritative -> user -> level -> digest -> time -> decrypted scoped PDU | report | dropped
/// <summary>
/// Incoming messages nobody here asked for (RFC 3414 §3.2): where our engine is the authoritative one it answers for its time and says what is
/// wrong; where the sender's is, as with traps, its time is followed.
/// </summary>
internal sealed class UsmReceiver(LocalEngine engine, IEnumerable<SnmpCredential.User> users, Salts salts, TimeProvider clock)
{
    private const int SendersKept = 4096;

    private readonly Dictionary<string, SnmpCredential.User> users = users.ToDictionary(user => user.SecurityName, StringComparer.Ordinal);
    private readonly RecentlyUsed<SnmpEngineId, RemoteEngine> senders = new(SendersKept);
    private readonly KeyRing keys = new();
    private readonly Dictionary<Oid, uint> stats = [];

    /// <summary>A message that is what it claims to be.</summary>
    public sealed record Message(int Id, ScopedPdu Scoped, SnmpCredential.User User, SnmpEngineId AuthoritativeEngine, UsmKeys? Keys);

    /// <param name="report">What to send back instead, where the sender wants to know.</param>
    /// <exception cref="SnmpFormatException">No SNMPv3 message under USM.</exception>
    public Message? Receive(Span<byte> datagram, out byte[]? report, out string dropped)
    {
        report = null;
        var message = V3Message.Read(datagram);
        var isOurs = message.EngineId.SequenceEqual(engine.Id.Octets);
        if (!isOurs && (message.EngineId.IsEmpty || message.Flags.HasFlag(V3Flags.Reportable)))
            return Refuse(message, Reports.UnknownEngineIds, null, out report, out dropped);

        if (!users.TryGetValue(Encoding.UTF8.GetString(message.UserName), out var user)) return Refuse(message, Reports.UnknownUserNames, null, out report, out dropped);
        if (message.Level > user.Level) return Refuse(message, Reports.UnsupportedSecLevels, null, out report, out dropped);
        dropped = "lesser-level";       // whoever leaves out the passphrase must not be believed
        if (message.Level < user.Level) return null;

        var sender = SnmpEngineId.FromWire(message.EngineId);
        var key = keys.For(user, sender);
        if (key is not null)
        {
            if (!key.Verifies(message.Whole, message.Mac)) return Refuse(message, Reports.WrongDigests, null, out report, out dropped);
            if (isOurs && !engine.IsInTime(message.Boots, message.Time)) return Refuse(message, Reports.NotInTimeWindows, key, out report, out dropped);
            dropped = "not-in-time-window";
            var (boots, time) = (message.Boots, message.Time);
            if (!isOurs && !senders.GetOrAdd(sender, id => new(id, boots, time, clock)).Admit(boots, time)) return null;
        }
        if (!ReadScopedPdu.TryRead(message, key, out var scoped)) return Refuse(message, Reports.DecryptionErrors, null, out report, out dropped);
        return new(message.Id, scoped, user, sender, key);
    }

    /// <summary>The answer to a message our engine is authoritative for, at the same level.</summary>
    public byte[] Reply(Message to, SnmpPdu answer) => WriteV3.Message(to.Id, Security((V3Flags)to.User.Level, Encoding.UTF8.GetBytes(to.User.SecurityName), to.Keys), to.Scoped with { Pdu = answer });

    // RFC 3412 §7.1: a report counts, and is sent only where the message asks for it. A wrong time is said under the user's key, as it sets clocks.
    private Message? Refuse(in V3Message message, Oid what, UsmKeys? key, out byte[]? report, out string dropped)
    {
        var count = stats[what] = unchecked(stats.GetValueOrDefault(what) + 1);
        (report, dropped) = (null, Reports.Reason(what));
        if (!message.Flags.HasFlag(V3Flags.Reportable)) return null;
        var requestId = message.Flags.HasFlag(V3Flags.Encrypted) ? 0 : ScopedPdu.Read(message.Data).Pdu.RequestId;
        var pdu = new SnmpPdu(PduType.Report, requestId, 0, 0, [new(what, SnmpValue.Counter32(count))]);
        report = WriteV3.Message(message.Id, Security(key is null ? V3Flags.None : V3Flags.Authenticated, message.UserName.ToArray(), key), new(engine.Id, "", pdu));
        return null;
    }

    private WriteV3.Security Security(V3Flags flags, byte[] userName, UsmKeys? key) => new(flags, engine.Id, engine.Boots, engine.Time, userName, key, salts.Next());
}

using System.Text;
using Fleet.Snmp.Usm;

namespace Fleet.Snmp.V3;

/// <summary>One user's messages to one engine, and the answers opened and verified (RFC 3414 §3, RFC 3412 §7.2).</summary>
/// <param name="keys">Null at noAuthNoPriv.</param>
internal sealed class UsmProcessing(SnmpCredential.User user, RemoteEngine engine, UsmKeys? keys, Salts salts) : IMessageProcessing
{
    private readonly byte[] userName = Encoding.UTF8.GetBytes(user.SecurityName);
    private readonly SnmpEngineId contextEngine = user.ContextEngineId ?? engine.Id;

    public SnmpCredential.User User => user;

    public RemoteEngine Engine => engine;

    public byte[] Prepare(int id, SnmpPdu question)
    {
        var (boots, time) = keys is null ? (0, 0) : engine.Now();
        return WriteV3.Message(id, new((V3Flags)user.Level | V3Flags.Reportable, engine.Id, boots, time, userName, keys, salts.Next()), new(contextEngine, user.ContextName, question));
    }

    public Received? Open(Span<byte> datagram, int id, out string dropped)
    {
        var message = V3Message.Read(datagram);
        var isAuthentic = message.Flags.HasFlag(V3Flags.Authenticated);
        if (isAuthentic && !IsFromTheEngine(message))
        {
            dropped = "wrong-digest";
            return null;
        }
        // The id was fresh and is now authenticated, so this is no replay: the device's clock went back. Its engine must be discovered anew.
        dropped = "not-in-time-window";
        if (isAuthentic && !engine.Admit(message.Boots, message.Time)) return new(SnmpOutcome.NotInTimeWindow);

        dropped = "decryption-error";
        if (!ReadScopedPdu.TryRead(message, keys, out var scoped)) return null;
        if (scoped.Pdu.Type is PduType.Report) return new(Reports.Meaning(scoped.Pdu), scoped.Pdu, isAuthentic);

        dropped = "wrong-security";
        return scoped.Pdu.Type is PduType.Response && scoped.Pdu.RequestId == id && message.Level == user.Level && message.UserName.SequenceEqual(userName)
            && message.EngineId.SequenceEqual(engine.Id.Octets) && scoped.ContextEngineId == contextEngine && scoped.ContextName == user.ContextName
            ? new(SnmpOutcome.Answered, scoped.Pdu, isAuthentic)
            : null;
    }

    private bool IsFromTheEngine(in V3Message message) =>
        keys is not null && message.EngineId.SequenceEqual(engine.Id.Octets) && message.UserName.SequenceEqual(userName) && keys.Verifies(message.Whole, message.Mac);
}

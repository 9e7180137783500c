using System.Buffers;
using System.Formats.Asn1;
using Fleet.Snmp.Usm;

namespace Fleet.Snmp.V3;

// scoped PDU -> encrypted -> header and security parameters around it -> signed (RFC 3414 §3.1)
internal static class WriteV3
{
    private const int MaxMessageSize = 65_507;      // the largest UDP datagram: what we can receive

    [ThreadStatic]
    private static AsnWriter? reused;

    /// <summary>The security half of a message to write.</summary>
    /// <param name="Keys">Null at noAuthNoPriv.</param>
    /// <param name="Salt">Never the same twice under one key.</param>
    public readonly record struct Security(V3Flags Flags, SnmpEngineId EngineId, int Boots, int Time, ReadOnlyMemory<byte> UserName, UsmKeys? Keys, ulong Salt);

    public static byte[] Message(int id, in Security security, ScopedPdu scoped)
    {
        var writer = reused ??= new AsnWriter(AsnEncodingRules.BER, initialCapacity: 1500);
        writer.Reset();
        if (!security.Flags.HasFlag(V3Flags.Encrypted)) return Around(writer, id, security, scoped, default, default);

        scoped.Write(writer);
        var length = writer.GetEncodedLength();
        var buffer = ArrayPool<byte>.Shared.Rent(UsmCipher.Room(length));
        try
        {
            writer.Encode(buffer);
            writer.Reset();
            Span<byte> salt = stackalloc byte[UsmCipher.SaltLength];
            length = security.Keys!.Cipher!.Encrypt(buffer, length, security.Boots, security.Time, security.Salt, salt);
            return Around(writer, id, security, scoped, buffer.AsSpan(0, length), salt);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Around(AsnWriter writer, int id, in Security security, ScopedPdu scoped, ReadOnlySpan<byte> encrypted, ReadOnlySpan<byte> salt)
    {
        Span<byte> unsigned = stackalloc byte[UsmAuthSizes.MaxMac];
        unsigned.Clear();
        using (writer.PushSequence())
        {
            writer.WriteInteger(V3Message.Version);
            using (writer.PushSequence())
            {
                writer.WriteInteger(id);
                writer.WriteInteger(MaxMessageSize);
                writer.WriteOctetString([(byte)security.Flags]);
                writer.WriteInteger(V3Message.UserSecurityModel);
            }
            using (writer.PushOctetString())
            using (writer.PushSequence())
            {
                writer.WriteOctetString(security.EngineId.Octets);
                writer.WriteInteger(security.Boots);
                writer.WriteInteger(security.Time);
                writer.WriteOctetString(security.UserName.Span);
                writer.WriteOctetString(security.Flags.HasFlag(V3Flags.Authenticated) ? unsigned[..security.Keys!.MacLength] : default);
                writer.WriteOctetString(salt);
            }
            if (security.Flags.HasFlag(V3Flags.Encrypted)) writer.WriteOctetString(encrypted);
            else scoped.Write(writer);
        }
        var message = writer.Encode();
        if (security.Flags.HasFlag(V3Flags.Authenticated)) security.Keys!.Sign(message, V3Message.Read(message).Mac);
        return message;
    }
}

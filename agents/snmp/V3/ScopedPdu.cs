using System.Formats.Asn1;
using System.Text;

namespace Fleet.Snmp.V3;

/// <summary>A PDU and the context it is about (RFC 3412 §6.8).</summary>
/// <param name="ContextEngineId">Octets as they stand in the message; empty in a discovery.</param>
internal readonly record struct ScopedPdu(SnmpEngineId ContextEngineId, string ContextName, SnmpPdu Pdu)
{
    public void Write(AsnWriter writer)
    {
        using (writer.PushSequence())
        {
            writer.WriteOctetString(ContextEngineId.Octets);
            writer.WriteOctetString(Encoding.UTF8.GetBytes(ContextName));
            BerPdu.Write(writer, Pdu);
        }
    }

    /// <exception cref="SnmpFormatException">No scoped PDU; what decrypting with a wrong key looks like.</exception>
    public static ScopedPdu Read(ReadOnlySpan<byte> text)
    {
        var scoped = new BerReader(new BerReader(text).Read(BerReader.Sequence));
        var engine = scoped.Read((byte)SnmpType.OctetString);
        var context = scoped.Read((byte)SnmpType.OctetString);
        return new(engine.IsEmpty ? default : SnmpEngineId.FromWire(engine), context.IsEmpty ? "" : Encoding.UTF8.GetString(context), BerPdu.Read(ref scoped));
    }
}

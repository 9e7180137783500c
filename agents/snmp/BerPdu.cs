using System.Formats.Asn1;

namespace Fleet.Snmp;

// bytes <-> SnmpPdu (RFC 3416 §3): bare in community messages, inside a scoped PDU in version 3
internal static class BerPdu
{
    private const byte ContextConstructed = 0xa0;

    public static SnmpPdu Read(ref BerReader message)
    {
        var content = message.Read(out var tag);
        var type = (PduType)(tag - ContextConstructed);
        if ((int)type == TrapV1.Tag) return TrapV1.Read(content);
        if (!Enum.IsDefined(type)) throw new SnmpFormatException($"Tag {tag:x2} is no SNMP operation");
        var pdu = new BerReader(content);
        return new(type, pdu.ReadInt32(), pdu.ReadInt32(), pdu.ReadInt32(), ReadVarBinds(pdu.Read(BerReader.Sequence)));
    }

    internal static VarBind[] ReadVarBinds(ReadOnlySpan<byte> list)
    {
        var count = 0;
        for (var skip = new BerReader(list); !skip.IsEmpty; count++) skip.Read(BerReader.Sequence);
        if (count == 0) return [];
        var varBinds = new VarBind[count];
        var reader = new BerReader(list);
        for (var i = 0; i < count; i++)
        {
            var pair = new BerReader(reader.Read(BerReader.Sequence));
            varBinds[i] = new(Oid.FromWire(pair.Read((byte)SnmpType.Oid)), BerValue.Read(ref pair));
        }
        return varBinds;
    }

    public static void Write(AsnWriter writer, SnmpPdu pdu)
    {
        using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, (int)pdu.Type, isConstructed: true)))
        {
            writer.WriteInteger(pdu.RequestId);
            writer.WriteInteger(pdu.Status);
            writer.WriteInteger(pdu.Index);
            using (writer.PushSequence())
            {
                for (var i = 0; i < pdu.VarBinds.Count; i++)
                {
                    using var pair = writer.PushSequence();
                    BerValue.WriteOid(writer, pdu.VarBinds[i].Name);
                    BerValue.Write(writer, pdu.VarBinds[i].Value);
                }
            }
        }
    }
}

using System.Diagnostics;
using System.Formats.Asn1;

namespace Fleet.Snmp;

// bytes <-> SnmpValue (RFC 2578 §7, RFC 3416 §3)
internal static class BerValue
{
    private const byte UInteger32 = 0x47;   // RFC 1442, obsolete, still sent: an unsigned number like Gauge32

    public static SnmpValue Read(ref BerReader reader)
    {
        var content = reader.Read(out var tag);
        return (SnmpType)tag switch
        {
            SnmpType.Integer32 => new(SnmpType.Integer32, BerReader.ToInt64(content)),
            SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks => new((SnmpType)tag, (long)BerReader.ToUInt64(content, 4)),
            (SnmpType)UInteger32 => new(SnmpType.Gauge32, (long)BerReader.ToUInt64(content, 4)),
            SnmpType.Counter64 => new(SnmpType.Counter64, unchecked((long)BerReader.ToUInt64(content, 8))),
            SnmpType.OctetString or SnmpType.Opaque => new((SnmpType)tag, content.ToArray()),
            SnmpType.IpAddress when content.Length == 4 => new(SnmpType.IpAddress, content.ToArray()),
            SnmpType.Oid => SnmpValue.Oid(Oid.FromWire(content)),
            SnmpType.Null or SnmpType.NoSuchObject or SnmpType.NoSuchInstance or SnmpType.EndOfMibView => new((SnmpType)tag, 0),
            _ => throw new SnmpFormatException($"Value of tag {tag:x2} and {content.Length} bytes")
        };
    }

    public static void Write(AsnWriter writer, SnmpValue value)
    {
        var tag = new Asn1Tag((TagClass)((byte)value.Type & 0xc0), (byte)value.Type & 0x1f);
        switch (value.Type)
        {
            case SnmpType.Integer32 or SnmpType.Counter32 or SnmpType.Gauge32 or SnmpType.TimeTicks when value.TryGetInt64(out var number):
                writer.WriteInteger(number, tag);
                break;
            case SnmpType.Counter64 when value.TryGetUInt64(out var large):
                writer.WriteInteger(large, tag);
                break;
            case SnmpType.OctetString or SnmpType.Opaque or SnmpType.IpAddress:
                writer.WriteOctetString(value.Octets, tag);
                break;
            case SnmpType.Oid:
                WriteOid(writer, value.AsOid);
                break;
            case SnmpType.Null or SnmpType.NoSuchObject or SnmpType.NoSuchInstance or SnmpType.EndOfMibView:
                writer.WriteNull(tag);
                break;
            default:
                throw new UnreachableException($"No encoding for {value.Type}");
        }
    }

    public static void WriteOid(AsnWriter writer, Oid oid)
    {
        // The writer takes OIDs as text only; a whole encoded value spares the detour.
        Span<byte> buffer = stackalloc byte[4 + Oid.MaxWireBytes];
        var content = buffer[4..];
        var length = oid.WriteWire(content);
        var header = length switch { < 0x80 => 2, < 0x100 => 3, _ => 4 };
        var whole = buffer[(4 - header)..(4 + length)];
        whole[0] = (byte)SnmpType.Oid;
        whole[1] = (byte)(header == 2 ? length : 0x80 | (header - 2));
        for (var i = header - 1; i > 1; i--, length >>= 8) whole[i] = (byte)(length & 0xff);
        writer.WriteEncodedValue(whole);
    }
}

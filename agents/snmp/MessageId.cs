using Fleet.Snmp.V3;

namespace Fleet.Snmp;

/// <summary>What must be known of a datagram before it is read.</summary>
internal static class MessageId
{
    /// <summary>The id an answer carries: msgID in version 3, request-id before. Nothing is allocated, so datagrams nobody asked for cost next to nothing.</summary>
    /// <exception cref="SnmpFormatException">No SNMP message.</exception>
    public static int Of(ReadOnlySpan<byte> datagram)
    {
        var message = new BerReader(new BerReader(datagram).Read(BerReader.Sequence));
        if (message.ReadInt32() is V3Message.Version) return new BerReader(message.Read(BerReader.Sequence)).ReadInt32();
        message.Read((byte)SnmpType.OctetString);
        return new BerReader(message.Read(out _)).ReadInt32();
    }

    /// <summary>0 SNMPv1, 1 v2c, 3 SNMPv3; other numbers as they came.</summary>
    public static int VersionOf(ReadOnlySpan<byte> datagram) => new BerReader(new BerReader(datagram).Read(BerReader.Sequence)).ReadInt32();
}

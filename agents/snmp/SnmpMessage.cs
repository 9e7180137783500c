using System.Formats.Asn1;

namespace Fleet.Snmp;

/// <summary>A community message (RFC 1157 §4, RFC 1901 §3): version, community, one PDU. Both directions use it.</summary>
/// <param name="Community">Octets, not text: a community may hold any byte.</param>
public sealed record SnmpMessage(SnmpVersion Version, ReadOnlyMemory<byte> Community, SnmpPdu Pdu)
{
    [ThreadStatic]
    private static AsnWriter? reused;

    public byte[] Encode() => Written().Encode();

    /// <summary>False when the destination is too small; an answering side then says tooBig.</summary>
    public bool TryEncode(Span<byte> destination, out int written) => Written().TryEncode(destination, out written);

    private AsnWriter Written()
    {
        var writer = reused ??= new AsnWriter(AsnEncodingRules.BER, initialCapacity: 1500);
        writer.Reset();
        using (writer.PushSequence())
        {
            writer.WriteInteger((int)Version);
            writer.WriteOctetString(Community.Span);
            BerPdu.Write(writer, Pdu);
        }
        return writer;
    }

    /// <summary>
    /// Reads one datagram. Memory is bounded by a small multiple of its length. Bytes behind the message are ignored, as real agents pad.
    /// </summary>
    /// <exception cref="SnmpFormatException">Anything that is not a v1 or v2c message.</exception>
    public static SnmpMessage Decode(ReadOnlySpan<byte> datagram)
    {
        var message = new BerReader(new BerReader(datagram).Read(BerReader.Sequence));
        var version = message.ReadInt32();
        if (version is not ((int)SnmpVersion.V1 or (int)SnmpVersion.V2C)) throw new SnmpFormatException($"SNMP version {version} is not v1 or v2c");
        var community = message.Read((byte)SnmpType.OctetString).ToArray();
        return new((SnmpVersion)version, community, BerPdu.Read(ref message));
    }
}

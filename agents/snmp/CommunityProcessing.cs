namespace Fleet.Snmp;

/// <summary>SNMPv1 and v2c: an answer is recognised by its id and its source, there is no more to go by.</summary>
internal sealed class CommunityProcessing(SnmpCredential.Community community) : IMessageProcessing
{
    public byte[] Prepare(int id, SnmpPdu question) => new SnmpMessage(community.Version, community.Name, question).Encode();

    public Received? Open(Span<byte> datagram, int id, out string dropped)
    {
        dropped = "not-asked";
        var pdu = SnmpMessage.Decode(datagram).Pdu;
        return pdu.Type is PduType.Response && pdu.RequestId == id ? new(SnmpOutcome.Answered, pdu) : null;
    }
}

namespace Fleet.Snmp;

// Trap-PDU (RFC 1157 §4.1.6) -> SNMPv2 trap (RFC 3584 §3.1): time and trap name in front, then what came, then agent address and enterprise
internal static class TrapV1
{
    public const int Tag = 4;

    private const int EnterpriseSpecific = 6;

    public static readonly Oid SysUpTime = Oid.Parse("1.3.6.1.2.1.1.3.0"), TrapOid = Oid.Parse("1.3.6.1.6.3.1.1.4.1.0"), Enterprise = Oid.Parse("1.3.6.1.6.3.1.1.4.3.0"),
        AgentAddress = Oid.Parse("1.3.6.1.6.3.18.1.3.0");

    private static readonly Oid StandardTraps = Oid.Parse("1.3.6.1.6.3.1.1.5");

    public static SnmpPdu Read(ReadOnlySpan<byte> content)
    {
        var pdu = new BerReader(content);
        var enterprise = Oid.FromWire(pdu.Read((byte)SnmpType.Oid));
        var address = BerValue.Read(ref pdu);
        var (generic, specific, upTime) = (pdu.ReadInt32(), pdu.ReadInt32(), BerValue.Read(ref pdu));
        if (address.Type is not SnmpType.IpAddress || upTime.Type is not SnmpType.TimeTicks || generic is < 0 or > EnterpriseSpecific || specific < 0)
            throw new SnmpFormatException($"SNMPv1 trap {generic}.{specific} with {address.Type} for an address and {upTime.Type} for a time");
        var sent = BerPdu.ReadVarBinds(pdu.Read(BerReader.Sequence));
        var name = generic == EnterpriseSpecific ? enterprise.Append(0, (uint)specific) : StandardTraps.Append((uint)generic + 1);
        return new(PduType.Trap, 0, 0, 0,
        [
            new(SysUpTime, upTime), new(TrapOid, SnmpValue.Oid(name)), .. sent, new(AgentAddress, address), new(Enterprise, SnmpValue.Oid(enterprise))
        ]);
    }
}

namespace Fleet.Snmp;

/// <summary>The community-based versions, numbered as on the wire (RFC 3584 §5.2).</summary>
public enum SnmpVersion
{
    V1 = 0,
    V2C = 1
}

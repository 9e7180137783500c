namespace Fleet.Snmp;

/// <summary>
/// Operations, numbered by their context tag (RFC 3416 §3). SNMPv1's Trap (4) has no number here: it is read as the SNMPv2 trap that RFC 3584 §3.1
/// makes of it. Fleet never sets.
/// </summary>
public enum PduType
{
    Get = 0,
    GetNext = 1,
    Response = 2,
    Set = 3,
    GetBulk = 5,
    Inform = 6,
    Trap = 7,

    /// <summary>What an SNMPv3 engine says of a message it cannot process (RFC 3412 §7.1).</summary>
    Report = 8
}

namespace Fleet.Snmp;

/// <summary>Operations, numbered by their context tag (RFC 3416 §3). Fleet asks and answers; it never sets and takes no traps.</summary>
public enum PduType
{
    Get = 0,
    GetNext = 1,
    Response = 2,
    Set = 3,
    GetBulk = 5
}

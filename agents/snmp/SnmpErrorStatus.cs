namespace Fleet.Snmp;

/// <summary>error-status (RFC 3416 §3). Devices go outside the enumeration; any number is carried as it came.</summary>
public enum SnmpErrorStatus
{
    NoError = 0,
    TooBig = 1,
    NoSuchName = 2,
    BadValue = 3,
    ReadOnly = 4,
    GenErr = 5,
    NoAccess = 6,
    WrongType = 7,
    NotWritable = 17,
    AuthorizationError = 16
}

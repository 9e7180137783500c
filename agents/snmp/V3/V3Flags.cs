namespace Fleet.Snmp.V3;

/// <summary>msgFlags (RFC 3412 §6.4). Other bits are ignored.</summary>
[Flags]
internal enum V3Flags : byte
{
    None = 0,
    Authenticated = 1,
    Encrypted = 2,

    /// <summary>The receiver may answer with a report when it cannot process the message.</summary>
    Reportable = 4
}

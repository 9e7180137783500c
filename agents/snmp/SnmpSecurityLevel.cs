namespace Fleet.Snmp;

/// <summary>securityLevel (RFC 3411 §3.4.3), valued as the low bits of msgFlags (RFC 3412 §6.4).</summary>
public enum SnmpSecurityLevel
{
    /// <summary>Neither authenticated nor encrypted: the security name is a mere claim.</summary>
    NoAuthNoPriv = 0,

    /// <summary>Authenticated and in time, readable by anyone on the way.</summary>
    AuthNoPriv = 1,

    /// <summary>Authenticated, in time and encrypted.</summary>
    AuthPriv = 3
}

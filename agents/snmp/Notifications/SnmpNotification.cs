using System.Net;

namespace Fleet.Snmp.Notifications;

public enum SnmpNotificationKind
{
    /// <summary>SNMPv1's Trap-PDU, translated (RFC 3584 §3.1).</summary>
    TrapV1,

    /// <summary>SNMPv2-Trap-PDU: sent once, may be lost unnoticed.</summary>
    Trap,

    /// <summary>InformRequest-PDU: repeated by its sender until it is answered, as it was.</summary>
    Inform
}

/// <summary>What a device says unasked (RFC 3416 §4.2.6, §4.2.7).</summary>
/// <param name="Source">Where the datagram came from. Not proven under v1 and v2c.</param>
/// <param name="AcceptedBy">The credential it came under.</param>
/// <param name="Name">snmpTrapOID.0: what happened.</param>
/// <param name="UpTime">sysUpTime.0, resolution 10 ms; null where it was left out.</param>
/// <param name="VarBinds">All of them, the two above included. A v1 trap has snmpTrapAddress.0 and snmpTrapEnterprise.0 at its end.</param>
/// <param name="EngineId">SNMPv3: the authoritative engine, the sender's for traps and ours for informs.</param>
/// <param name="ContextName">SNMPv3; empty before.</param>
public sealed record SnmpNotification(
    SnmpNotificationKind Kind,
    IPEndPoint Source,
    DateTimeOffset ReceivedAt,
    SnmpCredential AcceptedBy,
    Oid Name,
    TimeSpan? UpTime,
    IReadOnlyList<VarBind> VarBinds,
    SnmpEngineId EngineId = default,
    string ContextName = "");

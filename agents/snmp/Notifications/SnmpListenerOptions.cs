using System.Net;

namespace Fleet.Snmp.Notifications;

/// <param name="EndPoint">Where to listen; port 162 by habit, which needs a right on most systems. 0 takes a free port. <c>::</c> hears IPv4 as well.</param>
/// <param name="Accepted">Communities and users notifications are taken from; everything else is dropped. One user per security name.</param>
/// <param name="EngineId">Our engine, which informs are addressed to. Must stay the same over restarts.</param>
/// <param name="EngineBoots">snmpEngineBoots: must be one more at each start of this engine id (RFC 3414 §2.2.2), from 1; the caller remembers it.</param>
/// <param name="Capacity">Notifications kept unread. Beyond that traps are dropped and counted, and informs are left unanswered, so that their senders try again.</param>
public sealed record SnmpListenerOptions(IPEndPoint EndPoint, IReadOnlyList<SnmpCredential> Accepted, SnmpEngineId EngineId, int EngineBoots, int Capacity = 256)
{
    public const int DefaultPort = 162;
}

using System.Diagnostics.Metrics;

namespace Fleet.Snmp;

/// <summary>Meter <c>Fleet.Snmp</c>: what was asked and what came of it. No addresses, no OIDs.</summary>
internal static class SnmpMetrics
{
    private static readonly Meter Meter = new("Fleet.Snmp");

    public static readonly Counter<long> Asked = Meter.CreateCounter<long>("snmp.requests", "{request}", "Operations asked, retries not counted");
    public static readonly Counter<long> Sent = Meter.CreateCounter<long>("snmp.datagrams.sent", "{datagram}", "Datagrams sent, retries included");
    public static readonly Counter<long> Answered = Meter.CreateCounter<long>("snmp.answers", "{answer}", "Answers that matched a request");
    public static readonly Counter<long> TimedOut = Meter.CreateCounter<long>("snmp.timeouts", "{request}", "Operations given up after the last try");
    public static readonly Counter<long> Notified = Meter.CreateCounter<long>("snmp.notifications", "{notification}", "Traps and informs received and kept");
    public static readonly Counter<long> Dropped = Meter.CreateCounter<long>("snmp.datagrams.dropped", "{datagram}", "Datagrams that answer nothing asked and are no notification to keep, by reason");

    public static void Drop(string reason) => Dropped.Add(1, new KeyValuePair<string, object?>("reason", reason));
}

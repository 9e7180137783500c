using System.Net;

namespace Fleet.Snmp;

/// <param name="Window">Requests one device may have unanswered at a time. Printers have small processors and smaller queues.</param>
/// <param name="Pace">A place in the window is taken for at least so long: a device gets no more than Window requests in each Pace, however fast it answers. Zero lets it set its own pace.</param>
/// <param name="MaxInFlight">Requests unanswered over all devices; more wait their turn.</param>
/// <param name="VarBindsPerGet">Names in one Get; a device that finds this too big is asked in halves.</param>
/// <param name="VarBindsPerBulk">Values one GetBulk asks for, over all its columns.</param>
/// <param name="MaxCells">Where a walk ends that a device would never end.</param>
/// <param name="MaxOctets">The same in bytes of values.</param>
/// <param name="WalkWithin">The same in time, for a device that answers each question just before its patience ends; two minutes when null.</param>
/// <param name="Asked">Sees every operation before its first packet leaves: the transcript of what was asked of whom.</param>
public sealed record SnmpClientOptions(
    int Window = 2,
    int MaxInFlight = 4096,
    int VarBindsPerGet = 32,
    int VarBindsPerBulk = 60,
    int MaxCells = 8192,
    int MaxOctets = 1 << 20,
    TimeSpan? WalkWithin = null,
    TimeSpan Pace = default,
    Action<IPEndPoint, SnmpPdu>? Asked = null);

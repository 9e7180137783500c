using System.Collections.Concurrent;
using Fleet.Agent.Changes;
using Fleet.Agent.Normalising;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Polling;

/// <param name="Answered">It said something; if it is <see cref="Observed"/> depends on whether that something is a printer.</param>
public sealed record Found(bool Answered, Observed? Observed);

/// <summary>One device asked once over SNMP.</summary>
public sealed class VisitPrinter(Probe probe, byte[] salt, AgentLog log)
{
    private readonly ConcurrentDictionary<string, bool> noPrinters = new(), denied = new();

    public async Task<Found> AskAsync(Target target, Look look, CancellationToken cancel)
    {
        var reading = await probe.ReadAsync(target.Snmp, Normalise.GroupsOf(look), cancel);
        if (reading.Outcome.IsDenied && denied.TryAdd(target.Name, true)) log.Warn($"{target.Address} {reading.Outcome.InWords}; nothing can be read of it");
        else if (reading.Outcome is SnmpOutcome.Answered) denied.TryRemove(target.Name, out _);
        if (!reading.Outcome.IsClosed && !reading.IsPrinter)
        {
            if (noPrinters.TryAdd(target.Name, true)) log.Warn($"{target.Address} answers SNMP but is no printer; nothing is reported of it");
            return new(true, null);
        }
        var observed = Normalise.From(target, reading, look, salt);
        return new(observed is not null, observed);
    }
}

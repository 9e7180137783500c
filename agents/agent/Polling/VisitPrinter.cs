using System.Collections.Concurrent;
using Fleet.Agent.Changes;
using Fleet.Agent.Granting;
using Fleet.Agent.Normalising;
using Fleet.Printers;
using Fleet.Snmp;

namespace Fleet.Agent.Polling;

/// <param name="Answered">It said something; if it is <see cref="Observed"/> depends on whether that something is a printer.</param>
/// <param name="GrantId">The grant it was asked under; null when there was none, and so it was not asked.</param>
public sealed record Found(bool Answered, Observed? Observed, string? GrantId)
{
    /// <summary>Nothing is known of the device, and its silence says nothing.</summary>
    public static readonly Found NotAsked = new(Answered: false, null, null);

    /// <summary>It was asked, and what it said broke the reading of it.</summary>
    public bool Broke { get; init; }
}

/// <summary>One device asked once over SNMP, for what the look wants and the grant of this moment opens. Without a grant not a packet leaves.</summary>
public sealed class VisitPrinter(Probe probe, byte[] salt, Func<Grant?> grant, TimeProvider clock, AgentLog log)
{
    private readonly ConcurrentDictionary<string, bool> noPrinters = new(), denied = new();

    public async Task<Found> AskAsync(Target target, Look look, CancellationToken cancel)
    {
        while (true)
            if (await TryAsync(target, look, cancel) is { } found) return found;
    }

    // Null when the site or the customer has taken something away meanwhile: then it is begun anew, for what is left.
    private async Task<Found?> TryAsync(Target target, Look look, CancellationToken cancel)
    {
        if (grant() is not { } open || (Normalise.GroupsOf(look) & open.Allowed) is var groups && groups == FieldGroups.None) return Found.NotAsked;
        // A grant that ends in the middle of a visit ends the visit. (A timer takes no more than 49 days.)
        var left = open.Until - clock.GetUtcNow();
        using var until = new CancellationTokenSource(left < TimeSpan.FromDays(1) ? left : TimeSpan.FromDays(1), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, until.Token, open.Narrowed, open.Withdrawn);
        try
        {
            return await AskAsync(target, look, groups, open.Id, either.Token);
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return Found.NotAsked;
        }
        catch (OperationCanceledException) when (open.IsOvertaken && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<Found> AskAsync(Target target, Look look, FieldGroups groups, string grantId, CancellationToken cancel)
    {
        var reading = await probe.ReadAsync(target.Snmp, groups, cancel);
        if (reading.Outcome.IsDenied && denied.TryAdd(target.Name, true)) log.Warn($"{target.Address} {reading.Outcome.InWords}; nothing can be read of it");
        else if (reading.Outcome is SnmpOutcome.Answered) denied.TryRemove(target.Name, out _);
        if (!reading.Outcome.IsClosed && !reading.IsPrinter)
        {
            if (noPrinters.TryAdd(target.Name, true)) log.Warn($"{target.Address} answers SNMP but is no printer; nothing is reported of it");
            return new(true, null, grantId);
        }
        var observed = Normalise.From(target, reading, look, groups, salt);
        return new(observed is not null, observed, grantId);
    }
}

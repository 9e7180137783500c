using Fleet.EventStore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Fleet.Defaults;

/// <summary>What the host gives a module at run time.</summary>
public sealed record ModuleContext(
    Module Module,
    DocumentStore Store,
    TimeProvider Clock,
    IConfiguration Settings,
    ILoggerFactory Logs)
{
    /// <summary>Which regions there are, and which one this is.</summary>
    public RegionDirectory Regions { get; } = RegionDirectory.Open(Settings, Logs.CreateLogger<RegionDirectory>());

    /// <summary>Whether messages can come in now: what was not heard while they could not has not fallen silent.</summary>
    public Func<bool> Hears { get; internal set; } = () => true;

    /// <summary>
    /// Load, decide, append, save: the whole life of a command. A concurrent writer makes it load and decide again; after
    /// three times the conflict is a refusal of its own.
    /// </summary>
    public async Task<Outcome<TState, TEvent>> DecideAsync<TState, TEvent>(
        string tenant, string stream, Func<TState, Decision<TEvent>> decide, CancellationToken cancel)
        where TState : class
        where TEvent : class
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var session = Store.LightweightSession(tenant);
            var current = await session.Events.FetchForWriting<TState>(stream, cancel);
            var decision = decide(current.Aggregate);
            if (decision.Refusal is not null || decision.Events.Count == 0)
                return new(decision.Refusal, current.Aggregate, decision.Events);

            current.AppendMany(decision.Events);
            try
            {
                await session.SaveChangesAsync(cancel);
                return new(null, Store.Fold(current.Aggregate, decision.Events), decision.Events);
            }
            catch (ConcurrencyException) when (attempt < 3)
            {
                // Somebody else decided on the same stream in between: look again at what is true now.
            }
            catch (ConcurrencyException)
            {
                return new(Refusal.Conflict("busy", "Others changed the same thing at the same moment; try again."), current.Aggregate, []);
            }
        }
    }
}

/// <param name="State">The state after the events, or the unchanged one when refused.</param>
public sealed record Outcome<TState, TEvent>(Refusal? Refusal, TState State, IReadOnlyList<TEvent> Events);
